using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ActorTrain.Core.Codecs;

namespace ActorTrain.Wire.Codecs;

/// <summary>
/// bfloat16: the upper half of a float32, little-endian, rounded to nearest even or stochastically. Saturates: what would
/// round to infinity becomes the greatest finite number (3.39e38, at most 0.4 % away).
/// </summary>
internal sealed class Bf16Codec(SimdPath path) : ICodec
{
    private const int MagnitudeMask = 0x7FFFFFFF;

    private const int LargestFinite = 0x7F7F;

    public string Name => "bf16";

    public bool IsLossless => false;

    public long EncodedSize(long count) => count * sizeof(ushort);

    public bool Encode(ReadOnlySpan<float> values, Span<byte> encoded, Rounding rounding)
    {
        EncodedLength.Check(this, values.Length, encoded.Length);
        // In pieces that stay in the first-level cache between check and encoding.
        const int piece = 4096;
        for (var i = 0; i < values.Length; i += piece)
        {
            var part = values.Slice(i, Math.Min(piece, values.Length - i));
            if (!Magnitudes.IsFinite(Magnitudes.Greatest(part, path)))
                return false;
            EncodePiece(part, encoded.Slice(i * sizeof(ushort), part.Length * sizeof(ushort)), rounding, (uint)i);
        }

        return true;
    }

    public void Decode(ReadOnlySpan<byte> encoded, Span<float> values)
    {
        EncodedLength.Check(this, values.Length, encoded.Length);
        ref var source = ref MemoryMarshal.GetReference(encoded);
        ref var target = ref MemoryMarshal.GetReference(values);
        var i = 0;
        if (path == SimdPath.Avx512)
            for (; i <= values.Length - 16; i += 16)
            {
                var halves = Vector256.LoadUnsafe(ref source, (nuint)i * sizeof(ushort)).AsUInt16();
                (Avx512F.ConvertToVector512Int32(halves) << 16).AsSingle().StoreUnsafe(ref target, (nuint)i);
            }
        else if (path == SimdPath.Avx2)
            for (; i <= values.Length - 8; i += 8)
            {
                var halves = Vector128.LoadUnsafe(ref source, (nuint)i * sizeof(ushort)).AsUInt16();
                (Avx2.ConvertToVector256Int32(halves) << 16).AsSingle().StoreUnsafe(ref target, (nuint)i);
            }

        for (; i < values.Length; i++)
            values[i] = BitConverter.Int32BitsToSingle(
                (encoded[i * sizeof(ushort)] | (encoded[(i * sizeof(ushort)) + 1] << 8)) << 16);
    }

    private void EncodePiece(ReadOnlySpan<float> values, Span<byte> encoded, Rounding rounding, uint index)
    {
        ref var source = ref Unsafe.As<float, int>(ref MemoryMarshal.GetReference(values));
        ref var target = ref MemoryMarshal.GetReference(encoded);
        var i = 0;
        if (path == SimdPath.Avx512)
            for (; i <= values.Length - 16; i += 16)
            {
                var bits = Vector512.LoadUnsafe(ref source, (nuint)i);
                var code = Round(bits, rounding, index + (uint)i);
                Avx512F.ConvertToVector256UInt16(code.AsUInt32()).AsByte().StoreUnsafe(ref target, (nuint)i * sizeof(ushort));
            }
        else if (path == SimdPath.Avx2)
            for (; i <= values.Length - 16; i += 16)
            {
                var low = Round(Vector256.LoadUnsafe(ref source, (nuint)i), rounding, index + (uint)i);
                var high = Round(Vector256.LoadUnsafe(ref source, (nuint)i + 8), rounding, index + (uint)i + 8);
                Vector256.Narrow(low, high).AsByte().StoreUnsafe(ref target, (nuint)i * sizeof(ushort));
            }

        for (; i < values.Length; i++)
        {
            var code = Round(BitConverter.SingleToInt32Bits(values[i]), rounding, index + (uint)i);
            encoded[i * sizeof(ushort)] = (byte)code;
            encoded[(i * sizeof(ushort)) + 1] = (byte)(code >> 8);
        }
    }

    private static int Round(int bits, Rounding rounding, uint index)
    {
        var magnitude = bits & MagnitudeMask;
        var term = rounding.IsStochastic ? (int)(rounding.Bits(index) >> 16) : 0x7FFF + ((magnitude >> 16) & 1);
        return Math.Min((magnitude + term) >> 16, LargestFinite) | ((bits >> 16) & 0x8000);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Round(Vector256<int> bits, Rounding rounding, uint index)
    {
        var magnitude = bits & Vector256.Create(MagnitudeMask);
        var term = rounding.IsStochastic
            ? (rounding.Bits(Vector256<uint>.Indices + Vector256.Create(index)) >> 16).AsInt32()
            : Vector256.Create(0x7FFF) + ((magnitude >> 16) & Vector256<int>.One);
        var rounded = Vector256.Min((magnitude + term) >> 16, Vector256.Create(LargestFinite));
        return rounded | ((bits >> 16) & Vector256.Create(0x8000));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Round(Vector512<int> bits, Rounding rounding, uint index)
    {
        var magnitude = bits & Vector512.Create(MagnitudeMask);
        var term = rounding.IsStochastic
            ? (rounding.Bits(Vector512<uint>.Indices + Vector512.Create(index)) >> 16).AsInt32()
            : Vector512.Create(0x7FFF) + ((magnitude >> 16) & Vector512<int>.One);
        var rounded = Vector512.Min((magnitude + term) >> 16, Vector512.Create(LargestFinite));
        return rounded | ((bits >> 16) & Vector512.Create(0x8000));
    }
}
