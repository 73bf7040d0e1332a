using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ActorTrain.Wire.Codecs;

/// <summary>Random bits as numbers in [0, 1): the upper 24 bits, which a float holds exactly.</summary>
internal static class UnitInterval
{
    private const float Ulp = 1f / (1 << 24);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float From(uint random) => (int)(random >> 8) * Ulp;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> From(Vector256<uint> random) =>
        Vector256.ConvertToSingle((random >> 8).AsInt32()) * Ulp;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> From(Vector512<uint> random) =>
        Vector512.ConvertToSingle((random >> 8).AsInt32()) * Ulp;
}
