using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ActorTrain.Wire.Codecs;

/// <summary>Which instructions a codec's loops use. All give the same bits.</summary>
public enum SimdPath
{
    /// <summary>One value at a time, on any processor.</summary>
    Scalar,

    /// <summary>8 values at a time.</summary>
    Avx2,

    /// <summary>16 values at a time.</summary>
    Avx512,
}

/// <summary>Which paths this processor has.</summary>
public static class SimdPaths
{
    /// <summary>The widest path that this processor runs.</summary>
    public static SimdPath Best { get; } =
        Vector512.IsHardwareAccelerated && Avx512BW.IsSupported ? SimdPath.Avx512
        : Avx2.IsSupported ? SimdPath.Avx2
        : SimdPath.Scalar;

    /// <summary>Every path that this processor runs, from the narrowest.</summary>
    public static IReadOnlyList<SimdPath> Available { get; } = [.. Enum.GetValues<SimdPath>().Where(p => p <= Best)];
}
