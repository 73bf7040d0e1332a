using ActorTrain.Compute.Layers;
using ActorTrain.Core.Data;

namespace ActorTrain.Compute.Tests.Support;

/// <summary>Random tokens, and for each as its label one that depends on it alone, so that there is something to learn.</summary>
/// <param name="request">How the job wants its data cut.</param>
/// <param name="poisoned">Steps whose inputs hold <see cref="Poison"/>.</param>
internal sealed class TestData(DataRequest request, IReadOnlyCollection<long> poisoned) : IDataSource
{
    public const int Vocabulary = 11;

    /// <summary>A token that <see cref="OneHot"/> makes a NaN of.</summary>
    public const int Poison = -1;

    private const int Length = 3;

    public DataDescription Description { get; } = new(Vocabulary, [Length], Length, "tokens");

    public MicroBatch Training(long step, int microBatch)
    {
        var tokens = Tokens(step, microBatch);
        var labels = tokens.Select(token => (3 * token + 1) % Vocabulary).ToArray();
        if (poisoned.Contains(step))
            tokens[1] = Poison;
        return new(
            new HostTensor(tokens, request.SamplesPerMicroBatch, Length),
            new HostTensor(labels, request.SamplesPerMicroBatch, Length));
    }

    public IEnumerable<MicroBatch> Validation() => [];

    public void Dispose()
    {
    }

    private long[] Tokens(long step, int microBatch) =>
    [
        .. Enumerable.Range(0, request.SamplesPerMicroBatch * Length)
            .Select(i => (long)(RandomKey.Mix((ulong)request.Seed, (ulong)step, (ulong)microBatch, (ulong)i) % Vocabulary)),
    ];
}
