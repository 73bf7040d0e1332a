using TorchSharp;

namespace ActorTrain.Compute.Safetensors;

/// <summary>What a safetensors file says of one tensor.</summary>
/// <param name="Type">The type of its elements.</param>
/// <param name="Shape">The size of each dimension; empty for a scalar.</param>
/// <param name="Begin">Where its first byte stands, counted from the end of the header.</param>
/// <param name="End">One past its last byte, counted likewise.</param>
public sealed record SafetensorsTensor(torch.ScalarType Type, IReadOnlyList<long> Shape, long Begin, long End)
{
    /// <summary>Its size in bytes.</summary>
    public long Length => End - Begin;
}
