using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ActorTrain.Wire.Codecs;

/// <summary>
/// Finds the value of greatest magnitude. A float's bits, rotated left by one, order by magnitude as unsigned integers,
/// with the sign as the last bit, and infinity and NaN above all numbers; so one maximum finds magnitude, sign and whether
/// all are finite.
/// </summary>
internal static class Magnitudes
{
    private const uint Infinity = 0x7F800000u << 1;

    /// <summary>Whether a result of <see cref="Greatest"/> means that all values are finite.</summary>
    public static bool IsFinite(uint greatest) => greatest < Infinity;

    /// <summary>Whether all values are finite.</summary>
    public static bool AreFinite(ReadOnlySpan<float> values) => IsFinite(Greatest(values, SimdPaths.Best));

    /// <summary>The value with the greatest magnitude from its rotated bits.</summary>
    public static float Value(uint greatest) => BitConverter.UInt32BitsToSingle(BitOperations.RotateRight(greatest, 1));

    /// <summary>The greatest rotated bits among some values; 0 if there are none.</summary>
    public static uint Greatest(ReadOnlySpan<float> values, SimdPath path) => path switch
    {
        SimdPath.Avx512 => Greatest512(values),
        SimdPath.Avx2 => Greatest256(values),
        _ => GreatestScalar(values, 0),
    };

    private static uint GreatestScalar(ReadOnlySpan<float> values, uint greatest)
    {
        foreach (var value in values)
            greatest = Math.Max(greatest, BitOperations.RotateLeft(BitConverter.SingleToUInt32Bits(value), 1));
        return greatest;
    }

    private static uint Greatest256(ReadOnlySpan<float> values)
    {
        ref var first = ref Unsafe.As<float, uint>(ref MemoryMarshal.GetReference(values));
        var (even, odd) = (Vector256<uint>.Zero, Vector256<uint>.Zero);
        var i = 0;
        for (; i <= values.Length - 16; i += 16)
        {
            even = Vector256.Max(even, Rotate(Vector256.LoadUnsafe(ref first, (nuint)i)));
            odd = Vector256.Max(odd, Rotate(Vector256.LoadUnsafe(ref first, (nuint)i + 8)));
        }

        return GreatestScalar(values[i..], GreatestLane(Vector256.Max(even, odd)));
    }

    private static uint Greatest512(ReadOnlySpan<float> values)
    {
        ref var first = ref Unsafe.As<float, uint>(ref MemoryMarshal.GetReference(values));
        var (even, odd) = (Vector512<uint>.Zero, Vector512<uint>.Zero);
        var i = 0;
        for (; i <= values.Length - 32; i += 32)
        {
            even = Vector512.Max(even, Avx512F.RotateLeft(Vector512.LoadUnsafe(ref first, (nuint)i), 1));
            odd = Vector512.Max(odd, Avx512F.RotateLeft(Vector512.LoadUnsafe(ref first, (nuint)i + 16), 1));
        }

        var both = Vector512.Max(even, odd);
        return GreatestScalar(values[i..], GreatestLane(Vector256.Max(both.GetLower(), both.GetUpper())));
    }

    private static Vector256<uint> Rotate(Vector256<uint> bits) => (bits << 1) | (bits >> 31);

    private static uint GreatestLane(Vector256<uint> lanes)
    {
        var four = Vector128.Max(lanes.GetLower(), lanes.GetUpper());
        var two = Vector128.Max(four, Vector128.Shuffle(four, Vector128.Create(2u, 3, 0, 1)));
        return Vector128.Max(two, Vector128.Shuffle(two, Vector128.Create(1u, 0, 3, 2))).ToScalar();
    }
}
