using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ActorTrain.Core.Numbers;

namespace ActorTrain.Core.Codecs;

/// <summary>
/// How a codec rounds a value that lies between two codes: to the nearest one, or stochastically, up with the
/// probability that makes the expected value right. The random bits of a value are a pure function of (job seed, edge,
/// step, micro-batch) and the value's index, so encoding the same tensor again gives the same bytes anywhere.
/// </summary>
public readonly record struct Rounding
{
    private readonly ulong _key;

    private Rounding(ulong key)
    {
        _key = key;
        IsStochastic = true;
    }

    /// <summary>To the nearest code.</summary>
    public static Rounding Nearest => default;

    /// <summary>Whether rounding is stochastic.</summary>
    public bool IsStochastic { get; }

    /// <summary>Stochastic rounding with the random bits of one micro-batch on one edge.</summary>
    /// <param name="seed">The job's seed.</param>
    /// <param name="edge">The edge; give the two directions of a connection different numbers.</param>
    /// <param name="step">The step.</param>
    /// <param name="microBatch">The micro-batch.</param>
    public static Rounding Stochastic(long seed, int edge, long step, int microBatch)
    {
        var key = SplitMix64.Next((ulong)seed);
        key = SplitMix64.Next(key + (uint)edge);
        key = SplitMix64.Next(key + (ulong)step);
        return new Rounding(SplitMix64.Next(key + (uint)microBatch));
    }

    /// <summary>
    /// 32 random bits for a value: a hash of its index (the "lowbias32" of Wellons' hash-prospector) that takes one half
    /// of the key before the first multiplication and the other after it, so that streams aren't shifted copies.
    /// </summary>
    /// <param name="index">The value's index in its tensor.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Bits(uint index)
    {
        var x = index + (uint)_key;
        x = ((x ^ (x >> 16)) * First) ^ (uint)(_key >> 32);
        x = (x ^ (x >> 15)) * Second;
        return x ^ (x >> 16);
    }

    /// <summary>The bits of 8 values.</summary>
    /// <param name="index">The values' indices.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<uint> Bits(Vector256<uint> index)
    {
        var x = index + Vector256.Create((uint)_key);
        x = ((x ^ (x >> 16)) * Vector256.Create(First)) ^ Vector256.Create((uint)(_key >> 32));
        x = (x ^ (x >> 15)) * Vector256.Create(Second);
        return x ^ (x >> 16);
    }

    /// <summary>The bits of 16 values.</summary>
    /// <param name="index">The values' indices.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<uint> Bits(Vector512<uint> index)
    {
        var x = index + Vector512.Create((uint)_key);
        x = ((x ^ (x >> 16)) * Vector512.Create(First)) ^ Vector512.Create((uint)(_key >> 32));
        x = (x ^ (x >> 15)) * Vector512.Create(Second);
        return x ^ (x >> 16);
    }

    private const uint First = 0x7FEB352D;

    private const uint Second = 0x846CA68B;
}
