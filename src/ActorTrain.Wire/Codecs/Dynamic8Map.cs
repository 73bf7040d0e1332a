using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using static ActorTrain.Wire.Codecs.Dynamic8Tables;

namespace ActorTrain.Wire.Codecs;

/// <summary>
/// The dynamic 8-bit map (see <see cref="Dynamic8Tables"/>). The scale takes the sign of the block's greatest magnitude,
/// which therefore always meets the 1 that only the positive side has; Dettmers et al. round it to ±0.993 on the other.
/// </summary>
internal readonly unsafe struct Dynamic8Map : IBlockMap
{
    public static float Limit => 1;

    public static bool ScaleIsSigned => true;

    public static int Nearest(float value) => Compose(value, Place(MathF.Abs(value), Dynamic8Tables.Nearest));

    public static int Stochastic(float value, uint random)
    {
        var magnitude = MathF.Abs(value);
        var floor = Place(magnitude, Floor);
        var fraction = (magnitude - Values[Zero + floor]) * InverseGaps[floor];
        return Compose(value, floor + (UnitInterval.From(random) < fraction ? 1 : 0));
    }

    public static float Value(int code) => Values[code];

    private static int Place(float magnitude, Lookup lookup)
    {
        var bits = BitConverter.SingleToInt32Bits(MathF.Max(magnitude, SmallestBucket));
        var bucket = (bits >> BucketShift) - FirstBucket;
        return lookup.Below[bucket] + (magnitude >= lookup.Boundary[bucket] ? 1 : 0);
    }

    private static int Compose(float value, int number) =>
        value < 0 ? Zero - Math.Min(number, LargestNegative) : Zero + number;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Nearest(Vector256<float> value) =>
        Compose(value, Place(Vector256.Abs(value), Dynamic8Tables.Nearest));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Stochastic(Vector256<float> value, Vector256<uint> random)
    {
        var magnitude = Vector256.Abs(value);
        var floor = Place(magnitude, Floor);
        var low = Avx2.GatherVector256(Values + Zero, floor, sizeof(float));
        var fraction = (magnitude - low) * Avx2.GatherVector256(InverseGaps, floor, sizeof(float));
        return Compose(value, floor - Vector256.LessThan(UnitInterval.From(random), fraction).AsInt32());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Value(Vector256<int> code) => Avx2.GatherVector256(Values, code, sizeof(float));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Place(Vector256<float> magnitude, Lookup lookup)
    {
        var bits = Vector256.MaxNative(magnitude, Vector256.Create(SmallestBucket)).AsInt32();
        var bucket = (bits >> BucketShift) - Vector256.Create(FirstBucket);
        var boundary = Avx2.GatherVector256(lookup.Boundary, bucket, sizeof(float));
        var below = Avx2.GatherVector256(lookup.Below, bucket, sizeof(int));
        return below - Vector256.GreaterThanOrEqual(magnitude, boundary).AsInt32();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Compose(Vector256<float> value, Vector256<int> number)
    {
        var negative = Vector256.Create(Zero) - Vector256.Min(number, Vector256.Create(LargestNegative));
        var isNegative = Vector256.LessThan(value, Vector256<float>.Zero).AsInt32();
        return Vector256.ConditionalSelect(isNegative, negative, number + Vector256.Create(Zero));
    }

    // The runtime has no 512-bit gather; two halves cost the same.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Nearest(Vector512<float> value) =>
        Vector512.Create(Nearest(value.GetLower()), Nearest(value.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Stochastic(Vector512<float> value, Vector512<uint> random) =>
        Vector512.Create(
            Stochastic(value.GetLower(), random.GetLower()), Stochastic(value.GetUpper(), random.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Value(Vector512<int> code) =>
        Vector512.Create(Value(code.GetLower()), Value(code.GetUpper()));
}
