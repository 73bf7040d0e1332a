using ActorTrain.Core.Plugins;

namespace ActorTrain.Stages.Transformer.Text;

/// <summary>Turns text into tokens and back, chosen by <c>data.tokenizer</c>. Safe for use by several threads at a time.</summary>
public interface ITokenizer : INamed
{
    /// <summary>How many tokens there are; ids run from 0 to one less.</summary>
    int VocabularySize { get; }

    /// <summary>The tokens of a text.</summary>
    /// <param name="text">Any text.</param>
    IReadOnlyList<int> Encode(string text);

    /// <summary>The text of tokens; a character that is cut short at either end becomes U+FFFD.</summary>
    /// <param name="tokens">Ids of the vocabulary.</param>
    /// <exception cref="ArgumentOutOfRangeException">An id is not in the vocabulary.</exception>
    string Decode(IReadOnlyList<int> tokens);
}
