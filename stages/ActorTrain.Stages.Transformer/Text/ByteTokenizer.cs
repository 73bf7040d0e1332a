using System.Text;

namespace ActorTrain.Stages.Transformer.Text;

/// <summary>Each byte of the UTF-8 text is a token.</summary>
public sealed class ByteTokenizer : ITokenizer
{
    /// <inheritdoc/>
    public string Name => "byte";

    /// <inheritdoc/>
    public int VocabularySize => 256;

    /// <inheritdoc/>
    public IReadOnlyList<int> Encode(string text) => Array.ConvertAll(Encoding.UTF8.GetBytes(text), b => (int)b);

    /// <inheritdoc/>
    public string Decode(IReadOnlyList<int> tokens) => Encoding.UTF8.GetString([.. tokens.Select(Byte)]);

    private static byte Byte(int token) => token is >= 0 and <= byte.MaxValue
        ? (byte)token
        : throw new ArgumentOutOfRangeException(nameof(token), token, "a byte's token is from 0 to 255");
}
