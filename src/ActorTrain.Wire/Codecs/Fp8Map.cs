using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ActorTrain.Wire.Codecs;

/// <summary>The layout of an 8-bit floating-point format: a sign bit, an exponent and a mantissa.</summary>
internal interface IFp8Format
{
    /// <summary>Bits of the mantissa.</summary>
    static abstract int MantissaBits { get; }

    /// <summary>The exponent's bias.</summary>
    static abstract int Bias { get; }

    /// <summary>The least magnitude code that is no finite number.</summary>
    static abstract int FirstSpecial { get; }

    /// <summary>The greatest finite number.</summary>
    static abstract float Largest { get; }
}

/// <summary>OCP E4M3: no infinities, one NaN; greatest number 448.</summary>
internal readonly struct E4M3 : IFp8Format
{
    public static int MantissaBits => 3;

    public static int Bias => 7;

    public static int FirstSpecial => 0x7F;

    public static float Largest => 448;
}

/// <summary>OCP E5M2: the upper byte of IEEE half precision; greatest number 57344.</summary>
internal readonly struct E5M2 : IFp8Format
{
    public static int MantissaBits => 2;

    public static int Bias => 15;

    public static int FirstSpecial => 0x7C;

    public static float Largest => 57344;
}

/// <summary>
/// OCP 8-bit floating point (OCP OFP8 specification, revision 1.0), saturating. A normal number is the float's upper bits
/// after adding a rounding term below them, rebiased; a subnormal one is an integer count of the smallest unit.
/// </summary>
internal readonly struct Fp8Map<TFormat> : IBlockMap
    where TFormat : struct, IFp8Format
{
    private const int MagnitudeMask = 0x7FFFFFFF;

    /// <summary>Bits of a float's mantissa that the format doesn't have.</summary>
    private static int Shift => 23 - TFormat.MantissaBits;

    /// <summary>The difference of the biases, at a float's exponent.</summary>
    private static int Rebias => (127 - TFormat.Bias) << 23;

    private static int HalfUnit => (1 << (Shift - 1)) - 1;

    private static float SmallestNormal => BitConverter.Int32BitsToSingle((128 - TFormat.Bias) << 23);

    private static float UnitsPerOne => BitConverter.Int32BitsToSingle((126 + TFormat.Bias + TFormat.MantissaBits) << 23);

    /// <summary>A float whose last mantissa bit is worth one subnormal unit: adding it rounds to units, ties to even.</summary>
    private static float UnitRounder => (1 << 23) / UnitsPerOne;

    public static float Limit => TFormat.Largest;

    public static bool ScaleIsSigned => false;

    public static int Nearest(float value)
    {
        var bits = BitConverter.SingleToInt32Bits(value);
        var magnitude = bits & MagnitudeMask;
        var normal = (magnitude + HalfUnit + ((magnitude >> Shift) & 1) - Rebias) >> Shift;
        var subnormal = BitConverter.SingleToInt32Bits(MathF.Abs(value) + UnitRounder)
            - BitConverter.SingleToInt32Bits(UnitRounder);
        return Compose(bits, normal, subnormal);
    }

    public static int Stochastic(float value, uint random)
    {
        var bits = BitConverter.SingleToInt32Bits(value);
        var normal = ((bits & MagnitudeMask) + (int)(random >> (32 - Shift)) - Rebias) >> Shift;
        var subnormal = (int)((MathF.Abs(value) * UnitsPerOne) + UnitInterval.From(random));
        return Compose(bits, normal, subnormal);
    }

    private static int Compose(int bits, int normal, int subnormal)
    {
        var isSubnormal = (bits & MagnitudeMask) < BitConverter.SingleToInt32Bits(SmallestNormal);
        return Math.Min(isSubnormal ? subnormal : normal, TFormat.FirstSpecial - 1) | ((bits >> 24) & 0x80);
    }

    public static float Value(int code)
    {
        var magnitude = code & 0x7F;
        var bits = (magnitude << Shift) + Rebias;
        if (magnitude >= TFormat.FirstSpecial)
            bits += Rebias;
        if (magnitude < 1 << TFormat.MantissaBits)
            bits = BitConverter.SingleToInt32Bits(BitConverter.Int32BitsToSingle(bits + (1 << 23)) - SmallestNormal);
        return BitConverter.Int32BitsToSingle(bits | ((code & 0x80) << 24));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Nearest(Vector256<float> value)
    {
        var magnitude = value.AsInt32() & Vector256.Create(MagnitudeMask);
        var odd = (magnitude >> Shift) & Vector256<int>.One;
        var normal = (magnitude + Vector256.Create(HalfUnit - Rebias) + odd) >> Shift;
        var rounder = Vector256.Create(UnitRounder);
        var subnormal = (magnitude.AsSingle() + rounder).AsInt32() - rounder.AsInt32();
        return Compose(value.AsInt32(), normal, subnormal);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Stochastic(Vector256<float> value, Vector256<uint> random)
    {
        var magnitude = value.AsInt32() & Vector256.Create(MagnitudeMask);
        var normal = (magnitude + (random >> (32 - Shift)).AsInt32() - Vector256.Create(Rebias)) >> Shift;
        var units = (magnitude.AsSingle() * UnitsPerOne) + UnitInterval.From(random);
        return Compose(value.AsInt32(), normal, Vector256.ConvertToInt32Native(units));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Compose(Vector256<int> bits, Vector256<int> normal, Vector256<int> subnormal)
    {
        var isSubnormal = Vector256.LessThan(
            bits & Vector256.Create(MagnitudeMask), Vector256.Create(SmallestNormal).AsInt32());
        var magnitude = Vector256.Min(
            Vector256.ConditionalSelect(isSubnormal, subnormal, normal), Vector256.Create(TFormat.FirstSpecial - 1));
        return magnitude | ((bits >> 24) & Vector256.Create(0x80));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Value(Vector256<int> code)
    {
        var magnitude = code & Vector256.Create(0x7F);
        var bits = (magnitude << Shift) + Vector256.Create(Rebias);
        var isSpecial = Vector256.GreaterThanOrEqual(magnitude, Vector256.Create(TFormat.FirstSpecial));
        bits += isSpecial & Vector256.Create(Rebias);
        var subnormal = (bits + Vector256.Create(1 << 23)).AsSingle() - Vector256.Create(SmallestNormal);
        var isSubnormal = Vector256.LessThan(magnitude, Vector256.Create(1 << TFormat.MantissaBits));
        bits = Vector256.ConditionalSelect(isSubnormal, subnormal.AsInt32(), bits);
        return (bits | ((code & Vector256.Create(0x80)) << 24)).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Nearest(Vector512<float> value)
    {
        var magnitude = value.AsInt32() & Vector512.Create(MagnitudeMask);
        var odd = (magnitude >> Shift) & Vector512<int>.One;
        var normal = (magnitude + Vector512.Create(HalfUnit - Rebias) + odd) >> Shift;
        var rounder = Vector512.Create(UnitRounder);
        var subnormal = (magnitude.AsSingle() + rounder).AsInt32() - rounder.AsInt32();
        return Compose(value.AsInt32(), normal, subnormal);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Stochastic(Vector512<float> value, Vector512<uint> random)
    {
        var magnitude = value.AsInt32() & Vector512.Create(MagnitudeMask);
        var normal = (magnitude + (random >> (32 - Shift)).AsInt32() - Vector512.Create(Rebias)) >> Shift;
        var units = (magnitude.AsSingle() * UnitsPerOne) + UnitInterval.From(random);
        return Compose(value.AsInt32(), normal, Vector512.ConvertToInt32Native(units));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Compose(Vector512<int> bits, Vector512<int> normal, Vector512<int> subnormal)
    {
        var isSubnormal = Vector512.LessThan(
            bits & Vector512.Create(MagnitudeMask), Vector512.Create(SmallestNormal).AsInt32());
        var magnitude = Vector512.Min(
            Vector512.ConditionalSelect(isSubnormal, subnormal, normal), Vector512.Create(TFormat.FirstSpecial - 1));
        return magnitude | ((bits >> 24) & Vector512.Create(0x80));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Value(Vector512<int> code)
    {
        var magnitude = code & Vector512.Create(0x7F);
        var bits = (magnitude << Shift) + Vector512.Create(Rebias);
        var isSpecial = Vector512.GreaterThanOrEqual(magnitude, Vector512.Create(TFormat.FirstSpecial));
        bits += isSpecial & Vector512.Create(Rebias);
        var subnormal = (bits + Vector512.Create(1 << 23)).AsSingle() - Vector512.Create(SmallestNormal);
        var isSubnormal = Vector512.LessThan(magnitude, Vector512.Create(1 << TFormat.MantissaBits));
        bits = Vector512.ConditionalSelect(isSubnormal, subnormal.AsInt32(), bits);
        return (bits | ((code & Vector512.Create(0x80)) << 24)).AsSingle();
    }
}
