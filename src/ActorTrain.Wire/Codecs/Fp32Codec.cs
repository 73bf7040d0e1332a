using System.Buffers.Binary;
using System.Runtime.InteropServices;
using ActorTrain.Core.Codecs;

namespace ActorTrain.Wire.Codecs;

/// <summary>The values as they are: float32, little-endian. The one codec that carries NaN and infinity.</summary>
internal sealed class Fp32Codec(SimdPath path) : ICodec
{
    public string Name => "fp32";

    public bool IsLossless => true;

    public bool IsIdentity => BitConverter.IsLittleEndian;

    public long EncodedSize(long count) => count * sizeof(float);

    public bool Encode(ReadOnlySpan<float> values, Span<byte> encoded, Rounding rounding)
    {
        EncodedLength.Check(this, values.Length, encoded.Length);
        // In pieces that stay in the first-level cache between copy and check.
        const int piece = 4096;
        uint greatest = 0;
        for (var i = 0; i < values.Length; i += piece)
        {
            var part = values.Slice(i, Math.Min(piece, values.Length - i));
            Copy(MemoryMarshal.AsBytes(part), encoded[(i * sizeof(float))..]);
            greatest = Math.Max(greatest, Magnitudes.Greatest(part, path));
        }

        return Magnitudes.IsFinite(greatest);
    }

    public void Decode(ReadOnlySpan<byte> encoded, Span<float> values)
    {
        EncodedLength.Check(this, values.Length, encoded.Length);
        Copy(encoded, MemoryMarshal.AsBytes(values));
    }

    private static void Copy(ReadOnlySpan<byte> from, Span<byte> to)
    {
        if (BitConverter.IsLittleEndian)
            from.CopyTo(to);
        else
            BinaryPrimitives.ReverseEndianness(
                MemoryMarshal.Cast<byte, int>(from), MemoryMarshal.Cast<byte, int>(to));
    }
}
