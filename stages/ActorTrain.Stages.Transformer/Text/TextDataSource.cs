using ActorTrain.Core.Data;

namespace ActorTrain.Stages.Transformer.Text;

/// <summary>Sequences of tokens with the next token as each one's label. Immutable, so any thread may call it.</summary>
internal sealed class TextDataSource : IDataSource
{
    private readonly int[] _tokens;
    private readonly int _trainingTokens;
    private readonly int _context;
    private readonly DataRequest _request;
    private readonly TextWindows _windows;

    /// <param name="tokens">The whole text.</param>
    /// <param name="trainingTokens">How many of them, from the start, are for training; the others are for validation.</param>
    /// <param name="context">Tokens of a sequence.</param>
    /// <param name="tokenizer">What made the tokens.</param>
    /// <param name="request">How the job wants its data cut.</param>
    public TextDataSource(int[] tokens, int trainingTokens, int context, ITokenizer tokenizer, DataRequest request)
    {
        _tokens = tokens;
        _trainingTokens = trainingTokens;
        _context = context;
        _request = request;
        _windows = new TextWindows(request.Seed, trainingTokens, context);
        Description = new DataDescription(tokenizer.VocabularySize, [context], context, "tokens") { Tokenizer = tokenizer.Name };
    }

    public DataDescription Description { get; }

    public MicroBatch Training(long step, int microBatch)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(step, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(microBatch);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(microBatch, _request.MicroBatches);
        var first = ((step - 1) * _request.Samples) + ((long)microBatch * _request.SamplesPerMicroBatch);
        return Batch(_request.SamplesPerMicroBatch, i => _windows.Start(first + i));
    }

    public IEnumerable<MicroBatch> Validation()
    {
        var windows = Math.Max(0, _tokens.Length - _trainingTokens - 1) / _context;
        for (var first = 0; first < windows; first += _request.SamplesPerMicroBatch)
        {
            var start = _trainingTokens + (first * _context);
            yield return Batch(Math.Min(_request.SamplesPerMicroBatch, windows - first), i => start + (i * _context));
        }
    }

    public void Dispose()
    {
    }

    private MicroBatch Batch(int sequences, Func<int, int> start)
    {
        var inputs = new long[sequences * _context];
        var labels = new long[sequences * _context];
        for (var i = 0; i < sequences; i++)
        {
            var window = _tokens.AsSpan(start(i), _context + 1);
            for (var j = 0; j < _context; j++)
                (inputs[(i * _context) + j], labels[(i * _context) + j]) = (window[j], window[j + 1]);
        }

        return new MicroBatch(new HostTensor(inputs, sequences, _context), new HostTensor(labels, sequences, _context));
    }
}
