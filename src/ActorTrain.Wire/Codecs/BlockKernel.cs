using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ActorTrain.Core.Codecs;

namespace ActorTrain.Wire.Codecs;

/// <summary>The loops over one whole block of 256 values, for each path.</summary>
internal static class BlockKernel<TMap>
    where TMap : struct, IBlockMap
{
    public const int Length = 256;

    /// <summary>Writes the codes of a block.</summary>
    /// <param name="values">256 finite values.</param>
    /// <param name="codes">256 codes.</param>
    /// <param name="inverse">What values are multiplied with to come within the map's limit.</param>
    /// <param name="rounding">How to round.</param>
    /// <param name="index">The first value's index in its tensor.</param>
    /// <param name="path">The instructions to use.</param>
    public static void Encode(
        ReadOnlySpan<float> values, Span<byte> codes, float inverse, Rounding rounding, uint index, SimdPath path)
    {
        // Unsafe loads follow in the vector paths.
        ArgumentOutOfRangeException.ThrowIfNotEqual(values.Length, Length);
        ArgumentOutOfRangeException.ThrowIfNotEqual(codes.Length, Length);
        switch (path)
        {
            case SimdPath.Avx512: Encode512(values, codes, inverse, rounding, index); break;
            case SimdPath.Avx2: Encode256(values, codes, inverse, rounding, index); break;
            default: EncodeScalar(values, codes, inverse, rounding, index); break;
        }
    }

    /// <summary>Writes the values of a block.</summary>
    /// <param name="codes">256 codes.</param>
    /// <param name="values">256 values.</param>
    /// <param name="scale">What the map's values are multiplied with.</param>
    /// <param name="path">The instructions to use.</param>
    public static void Decode(ReadOnlySpan<byte> codes, Span<float> values, float scale, SimdPath path)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(values.Length, Length);
        ArgumentOutOfRangeException.ThrowIfNotEqual(codes.Length, Length);
        switch (path)
        {
            case SimdPath.Avx512: Decode512(codes, values, scale); break;
            case SimdPath.Avx2: Decode256(codes, values, scale); break;
            default: DecodeScalar(codes, values, scale); break;
        }
    }

    private static void EncodeScalar(
        ReadOnlySpan<float> values, Span<byte> codes, float inverse, Rounding rounding, uint index)
    {
        for (var i = 0; i < values.Length; i++)
        {
            var value = values[i] * inverse;
            codes[i] = (byte)(rounding.IsStochastic
                ? TMap.Stochastic(value, rounding.Bits(index + (uint)i))
                : TMap.Nearest(value));
        }
    }

    private static void DecodeScalar(ReadOnlySpan<byte> codes, Span<float> values, float scale)
    {
        for (var i = 0; i < codes.Length; i++)
            values[i] = TMap.Value(codes[i]) * scale;
    }

    private static void Encode256(
        ReadOnlySpan<float> values, Span<byte> codes, float inverse, Rounding rounding, uint index)
    {
        ref var source = ref MemoryMarshal.GetReference(values);
        ref var target = ref MemoryMarshal.GetReference(codes);
        for (uint i = 0; i < Length; i += 32)
        {
            var low = Vector256.Narrow(
                Codes256(ref source, i, inverse, rounding, index), Codes256(ref source, i + 8, inverse, rounding, index));
            var high = Vector256.Narrow(
                Codes256(ref source, i + 16, inverse, rounding, index), Codes256(ref source, i + 24, inverse, rounding, index));
            Vector256.Narrow(low, high).AsByte().StoreUnsafe(ref target, i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Codes256(ref float source, uint i, float inverse, Rounding rounding, uint index)
    {
        var value = Vector256.LoadUnsafe(ref source, i) * inverse;
        return rounding.IsStochastic
            ? TMap.Stochastic(value, rounding.Bits(Vector256<uint>.Indices + Vector256.Create(index + i)))
            : TMap.Nearest(value);
    }

    private static void Decode256(ReadOnlySpan<byte> codes, Span<float> values, float scale)
    {
        ref var source = ref MemoryMarshal.GetReference(codes);
        ref var target = ref MemoryMarshal.GetReference(values);
        for (nuint i = 0; i < Length; i += 16)
        {
            var code = Vector128.LoadUnsafe(ref source, i);
            var high = Vector128.Shuffle(code.AsUInt64(), Vector128.Create(1UL, 0)).AsByte();
            (TMap.Value(Avx2.ConvertToVector256Int32(code)) * scale).StoreUnsafe(ref target, i);
            (TMap.Value(Avx2.ConvertToVector256Int32(high)) * scale).StoreUnsafe(ref target, i + 8);
        }
    }

    private static void Encode512(
        ReadOnlySpan<float> values, Span<byte> codes, float inverse, Rounding rounding, uint index)
    {
        ref var source = ref MemoryMarshal.GetReference(values);
        ref var target = ref MemoryMarshal.GetReference(codes);
        for (uint i = 0; i < Length; i += 16)
        {
            var value = Vector512.LoadUnsafe(ref source, i) * inverse;
            var code = rounding.IsStochastic
                ? TMap.Stochastic(value, rounding.Bits(Vector512<uint>.Indices + Vector512.Create(index + i)))
                : TMap.Nearest(value);
            Avx512F.ConvertToVector128Byte(code.AsUInt32()).StoreUnsafe(ref target, i);
        }
    }

    private static void Decode512(ReadOnlySpan<byte> codes, Span<float> values, float scale)
    {
        ref var source = ref MemoryMarshal.GetReference(codes);
        ref var target = ref MemoryMarshal.GetReference(values);
        for (nuint i = 0; i < Length; i += 16)
        {
            var code = Avx512F.ConvertToVector512Int32(Vector128.LoadUnsafe(ref source, i));
            (TMap.Value(code) * scale).StoreUnsafe(ref target, i);
        }
    }
}
