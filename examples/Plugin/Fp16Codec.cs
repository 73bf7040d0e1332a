using System.Buffers.Binary;
using ActorTrain.Core.Codecs;

namespace ActorTrain.Examples.Plugin;

/// <summary>IEEE 754 half precision, little-endian, rounded to nearest even. Saturates at ±65504.</summary>
internal sealed class Fp16Codec : ICodec
{
    private const int Size = 2;

    public string Name => "fp16";

    public bool IsLossless => false;

    public long EncodedSize(long count) => count * Size;

    public bool Encode(ReadOnlySpan<float> values, Span<byte> encoded, Rounding rounding)
    {
        Check(values.Length, encoded.Length);
        for (var i = 0; i < values.Length; i++)
        {
            if (!float.IsFinite(values[i]))
                return false;
            var value = Math.Clamp(values[i], (float)Half.MinValue, (float)Half.MaxValue);
            BinaryPrimitives.WriteHalfLittleEndian(encoded[(i * Size)..], (Half)value);
        }

        return true;
    }

    public void Decode(ReadOnlySpan<byte> encoded, Span<float> values)
    {
        Check(values.Length, encoded.Length);
        for (var i = 0; i < values.Length; i++)
            values[i] = (float)BinaryPrimitives.ReadHalfLittleEndian(encoded[(i * Size)..]);
    }

    private static void Check(int values, int bytes)
    {
        if (bytes != values * Size)
            throw new ArgumentException($"{values} values take {values * Size} bytes, not {bytes}");
    }
}
