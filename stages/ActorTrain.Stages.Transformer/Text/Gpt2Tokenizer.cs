using Microsoft.ML.Tokenizers;

namespace ActorTrain.Stages.Transformer.Text;

/// <summary>
/// GPT-2's byte pairs (Radford et al. 2019, section 2.2). The text <c>&lt;|endoftext|&gt;</c> is its one special token, 50256.
/// </summary>
public sealed class Gpt2Tokenizer : ITokenizer
{
    // Loaded at first use: a job with other tokens does not pay for it.
    private readonly Lazy<TiktokenTokenizer> _tokenizer = new(() => TiktokenTokenizer.CreateForModel("gpt2"));

    /// <inheritdoc/>
    public string Name => "gpt2";

    /// <inheritdoc/>
    public int VocabularySize => 50257;

    /// <inheritdoc/>
    public IReadOnlyList<int> Encode(string text) => _tokenizer.Value.EncodeToIds(text);

    /// <inheritdoc/>
    public string Decode(IReadOnlyList<int> tokens)
    {
        foreach (var token in tokens)
            if (token < 0 || token >= VocabularySize)
                throw new ArgumentOutOfRangeException(nameof(tokens), token, $"a token of GPT-2 is from 0 to {VocabularySize - 1}");
        return _tokenizer.Value.Decode(tokens);
    }
}
