using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace ActorTrain.Wire.Frames;

/// <summary>The shape of a frame's tensor, kept in the value itself so that reading a frame allocates nothing.</summary>
public struct FrameShape
{
    /// <summary>The greatest number of dimensions.</summary>
    public const int MaxRank = 8;

    private Dimensions _dimensions;

    /// <summary>The number of dimensions.</summary>
    public int Rank { get; private set; }

    /// <summary>The number of values: the product of the dimensions.</summary>
    public int Count { get; private set; }

    /// <summary>The size of each dimension.</summary>
    [UnscopedRef]
    public readonly ReadOnlySpan<long> Sizes => ((ReadOnlySpan<long>)_dimensions)[..Rank];

    /// <summary>Checks and copies a shape.</summary>
    /// <param name="sizes">The size of each dimension; none for a single value.</param>
    /// <exception cref="FrameException">
    /// More than <see cref="MaxRank"/> dimensions, one below 1, or a product above <see cref="int.MaxValue"/>.
    /// </exception>
    public static FrameShape Of(ReadOnlySpan<long> sizes)
    {
        CheckRank(sizes.Length);
        var shape = new FrameShape { Count = 1 };
        foreach (var size in sizes)
            shape.Add(size);
        return shape;
    }

    internal static void CheckRank(int rank)
    {
        if (rank > MaxRank)
            throw new FrameException($"a shape of {rank} dimensions is over the limit of {MaxRank}");
    }

    private void Add(long size)
    {
        if (size < 1)
            throw new FrameException($"dimension {Rank} of the shape is {size}; the least is 1");
        if (size > int.MaxValue / Count)
            throw new FrameException($"the shape holds more than {int.MaxValue} values at dimension {Rank}, which is {size}");
        _dimensions[Rank++] = size;
        Count *= (int)size;
    }

    /// <inheritdoc/>
    public override readonly string ToString() => $"[{string.Join(", ", Sizes.ToArray())}]";

    [InlineArray(MaxRank)]
    private struct Dimensions
    {
        private long _first;
    }
}
