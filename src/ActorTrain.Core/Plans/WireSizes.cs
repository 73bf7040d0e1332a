namespace ActorTrain.Core.Plans;

/// <summary>How large a tensor is on a wire, relative to its size in memory.</summary>
/// <param name="Activations">For activations.</param>
/// <param name="Gradients">For their gradients.</param>
public readonly record struct WireSizes(double Activations, double Gradients)
{
    /// <summary>As large as in memory.</summary>
    public static WireSizes Full { get; } = new(1, 1);
}
