using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ActorTrain.Wire.Codecs;

/// <summary>Integers from −127 to 127. Rounding up is <c>floor(value + u)</c> with u uniform in [0, 1).</summary>
internal readonly struct Int8Map : IBlockMap
{
    public static float Limit => 127;

    public static bool ScaleIsSigned => false;

    public static int Nearest(float value) => (int)MathF.Round(value);

    // 127 + u can round up to 128.
    public static int Stochastic(float value, uint random) =>
        Math.Min((int)MathF.Floor(value + UnitInterval.From(random)), 127);

    public static float Value(int code) => (sbyte)code;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Nearest(Vector256<float> value) => Avx.ConvertToVector256Int32(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Stochastic(Vector256<float> value, Vector256<uint> random) =>
        Vector256.Min(
            Avx.ConvertToVector256Int32WithTruncation(Vector256.Floor(value + UnitInterval.From(random))),
            Vector256.Create(127));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Value(Vector256<int> code) => Vector256.ConvertToSingle((code << 24) >> 24);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Nearest(Vector512<float> value) => Avx512F.ConvertToVector512Int32(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Stochastic(Vector512<float> value, Vector512<uint> random) =>
        Vector512.Min(
            Avx512F.ConvertToVector512Int32(
                value + UnitInterval.From(random), FloatRoundingMode.ToNegativeInfinity),
            Vector512.Create(127));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Value(Vector512<int> code) => Vector512.ConvertToSingle((code << 24) >> 24);
}
