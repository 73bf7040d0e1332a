using ActorTrain.Core.Plugins;

namespace ActorTrain.Core.Codecs;

/// <summary>
/// How the values of a tensor become bytes on a wire. Job files choose a codec by its name; the name also travels in
/// every frame. A codec holds no state that changes, so several threads may use one at a time.
/// </summary>
public interface ICodec : INamed
{
    /// <summary>Whether decoding gives back the same bits for every input, NaN and infinity included.</summary>
    bool IsLossless { get; }

    /// <summary>
    /// Whether the encoding is the memory of the values, byte for byte; then frames may carry that without asking the codec.
    /// </summary>
    bool IsIdentity => false;

    /// <summary>The exact number of bytes that encoding takes; a function of the count alone.</summary>
    /// <param name="count">Values, from 0 to <see cref="int.MaxValue"/>.</param>
    long EncodedSize(long count);

    /// <summary>Encodes values.</summary>
    /// <param name="values">The values, in row-major order.</param>
    /// <param name="encoded">Where the bytes go; exactly <see cref="EncodedSize"/> of them.</param>
    /// <param name="rounding">How values between two codes are rounded; without effect on a lossless codec.</param>
    /// <returns>
    /// Whether every value is finite. If not, a lossless codec has encoded them all the same; any other has left
    /// <paramref name="encoded"/> in an undefined state, and the values have to travel by a lossless one.
    /// </returns>
    /// <exception cref="ArgumentException"><paramref name="encoded"/> has another size.</exception>
    bool Encode(ReadOnlySpan<float> values, Span<byte> encoded, Rounding rounding);

    /// <summary>Decodes values. Accepts any bytes of the right size: which values they give is the codec's affair.</summary>
    /// <param name="encoded">What <see cref="Encode"/> wrote.</param>
    /// <param name="values">Where the values go; as many as were encoded.</param>
    /// <exception cref="ArgumentException"><paramref name="encoded"/> is not the encoding of that many values.</exception>
    void Decode(ReadOnlySpan<byte> encoded, Span<float> values);
}
