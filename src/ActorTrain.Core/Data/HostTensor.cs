namespace ActorTrain.Core.Data;

/// <summary>A dense array in host memory, in row-major order, before it becomes a tensor on a device.</summary>
public sealed class HostTensor
{
    /// <summary>Wraps integers, such as token ids or class labels.</summary>
    /// <param name="values">Values in row-major order; not copied.</param>
    /// <param name="shape">The size of each dimension.</param>
    /// <exception cref="ArgumentException">The shape does not hold that many values.</exception>
    public HostTensor(long[] values, params ReadOnlySpan<long> shape)
        : this(values, values.Length, shape)
    {
    }

    /// <summary>Wraps numbers, such as pixels.</summary>
    /// <param name="values">Values in row-major order; not copied.</param>
    /// <param name="shape">The size of each dimension.</param>
    /// <exception cref="ArgumentException">The shape does not hold that many values.</exception>
    public HostTensor(float[] values, params ReadOnlySpan<long> shape)
        : this(values, values.Length, shape)
    {
    }

    private HostTensor(Array values, int length, ReadOnlySpan<long> shape)
    {
        long count = 1;
        foreach (var size in shape)
            count *= size;
        if (count != length)
            throw new ArgumentException($"{length} values do not fill the shape [{string.Join(", ", shape.ToArray())}]", nameof(shape));
        Values = values;
        Shape = shape.ToArray();
    }

    /// <summary>The values: a <c>long[]</c> or a <c>float[]</c>.</summary>
    public Array Values { get; }

    /// <summary>The size of each dimension.</summary>
    public IReadOnlyList<long> Shape { get; }
}
