using System.Runtime.InteropServices;

namespace ActorTrain.Wire.Codecs;

/// <summary>
/// The tables of the signed dynamic 8-bit map (Dettmers et al., arXiv 2110.02861, section 1.3): 0, 1, and for each of 7
/// decades below 1 and each sign 2^i evenly spaced numbers, i = 0 for the lowest. Codes number the values in ascending
/// order, so 127 is 0 and 255 is 1; −1 doesn't exist.
/// </summary>
/// <remarks>
/// A magnitude finds its place by its upper float bits: a bucket of 1/64 octave holds at most one of the values (and at
/// most one of the midpoints between them), so one comparison after the lookup settles it. The tables live in native memory,
/// for the whole process, because gathers take pointers.
/// </remarks>
internal static unsafe class Dynamic8Tables
{
    /// <summary>The code of 0; magnitude number k has the codes <c>Zero ± k</c>.</summary>
    public const int Zero = 127;

    /// <summary>The greatest magnitude number that has a negative.</summary>
    public const int LargestNegative = 127;

    /// <summary>Smaller than every value and midpoint, so that what is below it shares its bucket.</summary>
    public const float SmallestBucket = 1f / (1 << 22);

    /// <summary>How far a float's bits are shifted to give its bucket.</summary>
    public const int BucketShift = 17;

    /// <summary>The bits of <see cref="SmallestBucket"/>, shifted.</summary>
    public const int FirstBucket = (127 - 22) << (23 - BucketShift);

    private const int Buckets = (127 << (23 - BucketShift)) - FirstBucket + 1;

    private const int Magnitudes = 129;

    /// <summary>The 256 values by code.</summary>
    public static readonly float* Values = Allocate(256);

    /// <summary>1 / (the next magnitude − this one) by magnitude number; 0 for the last.</summary>
    public static readonly float* InverseGaps = Allocate(Magnitudes);

    /// <summary>Where the values themselves are the boundaries: for rounding down.</summary>
    public static readonly Lookup Floor = new(Allocate(Buckets), Allocate(Buckets));

    /// <summary>Where the midpoints between values are the boundaries: for rounding to the nearest.</summary>
    public static readonly Lookup Nearest = new(Allocate(Buckets), Allocate(Buckets));

    static Dynamic8Tables()
    {
        var magnitudes = Enumerable.Range(0, 7)
            .SelectMany(i => Enumerable.Range(0, 1 << i)
                .Select(j => (float)(Math.Pow(10, i - 6) * (0.1 + (0.9 * (j + 0.5) / (1 << i))))))
            .Prepend(0f).Append(1f).ToArray();
        for (var k = 0; k < Magnitudes; k++)
        {
            Values[Zero + k] = magnitudes[k];
            if (k <= LargestNegative)
                Values[Zero - k] = -magnitudes[k];
            InverseGaps[k] = k + 1 < Magnitudes ? 1 / (magnitudes[k + 1] - magnitudes[k]) : 0;
        }

        Fill(Floor, magnitudes[1..]);
        Fill(Nearest, [.. magnitudes.Zip(magnitudes.Skip(1), (low, high) => (low + high) / 2)]);
    }

    /// <summary>For each bucket the boundaries below it, and the boundary inside it, or infinity.</summary>
    public readonly struct Lookup(float* below, float* boundary)
    {
        public readonly int* Below = (int*)below;

        public readonly float* Boundary = boundary;
    }

    private static void Fill(Lookup lookup, float[] boundaries)
    {
        var below = 0;
        for (var bucket = 0; bucket < Buckets; bucket++)
        {
            lookup.Below[bucket] = below;
            var inside = below < boundaries.Length && BucketOf(boundaries[below]) == bucket;
            lookup.Boundary[bucket] = inside ? boundaries[below++] : float.PositiveInfinity;
        }
    }

    private static int BucketOf(float magnitude) =>
        (BitConverter.SingleToInt32Bits(magnitude) >> BucketShift) - FirstBucket;

    private static float* Allocate(int count) =>
        (float*)NativeMemory.AlignedAlloc((nuint)count * sizeof(float), 64);
}
