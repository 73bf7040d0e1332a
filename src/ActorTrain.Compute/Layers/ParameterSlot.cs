namespace ActorTrain.Compute.Layers;

/// <summary>Where a parameter lies in its layer's flat buffers.</summary>
/// <param name="Name">The parameter's name within the layer.</param>
/// <param name="Offset">The first value's place in the buffer.</param>
/// <param name="Shape">The parameter's shape.</param>
public sealed record ParameterSlot(string Name, long Offset, IReadOnlyList<long> Shape)
{
    /// <summary>Values of the parameter.</summary>
    public long Length { get; } = Shape.Aggregate(1L, (product, size) => product * size);
}
