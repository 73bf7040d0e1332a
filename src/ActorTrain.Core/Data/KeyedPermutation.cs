using System.Numerics;

namespace ActorTrain.Core.Data;

/// <summary>
/// A pseudo-random permutation of 0…n−1 that any place of can be computed alone, without a table: the order in which an
/// epoch visits its samples. A Feistel network (Luby and Rackoff 1988) permutes the next power of four; a value that falls
/// outside 0…n−1 is permuted again until it is inside (cycle walking, Black and Rogaway 2002), less than four times on
/// average. For shuffling, not for secrets.
/// </summary>
public sealed class KeyedPermutation
{
    // Four rounds are enough in theory; small domains, which have few bits in a half, look random only with more.
    private const int Rounds = 8;

    private readonly ulong _key;
    private readonly int _halfBits;
    private readonly ulong _halfMask;

    /// <summary>Creates the permutation of a key.</summary>
    /// <param name="count">How many numbers are permuted, n; at least 1.</param>
    /// <param name="key">Chooses the permutation, such as a hash of (seed, epoch).</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is less than 1.</exception>
    public KeyedPermutation(long count, ulong key)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        Count = count;
        _key = key;
        var bits = 64 - BitOperations.LeadingZeroCount((ulong)count - 1);
        _halfBits = Math.Max(1, (bits + 1) / 2);
        _halfMask = (1UL << _halfBits) - 1;
    }

    /// <summary>How many numbers are permuted, n.</summary>
    public long Count { get; }

    /// <summary>The number at a place.</summary>
    /// <param name="place">The place, from 0 to n−1.</param>
    /// <returns>A number from 0 to n−1 that no other place has.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="place"/> is outside 0…n−1.</exception>
    public long this[long place]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(place);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(place, Count);
            var value = (ulong)place;
            do
                value = Permute(value);
            while (value >= (ulong)Count);
            return (long)value;
        }
    }

    private ulong Permute(ulong value)
    {
        var (left, right) = (value >> _halfBits, value & _halfMask);
        for (ulong round = 1; round <= Rounds; round++)
            (left, right) = (right, left ^ (Scramble(right, round) & _halfMask));
        return (left << _halfBits) | right;
    }

    // The finalizer of MurmurHash3 (Appleby 2011) over the half and the round's key.
    private ulong Scramble(ulong half, ulong round)
    {
        var z = _key + (round * 0x9E3779B97F4A7C15UL);
        z = (z ^ (z >> 33)) * 0xFF51AFD7ED558CCDUL;
        z ^= half;
        z = (z ^ (z >> 33)) * 0xC4CEB9FE1A85EC53UL;
        z = (z ^ (z >> 33)) * 0xFF51AFD7ED558CCDUL;
        return z ^ (z >> 33);
    }
}
