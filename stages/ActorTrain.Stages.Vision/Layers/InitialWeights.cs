using TorchSharp;

namespace ActorTrain.Stages.Vision.Layers;

/// <summary>Initial weights that keep the variance of a signal from layer to layer (He et al., arXiv 1502.01852).</summary>
internal static class InitialWeights
{
    /// <summary>What the variance is multiplied with when a ReLU follows, which removes half of it.</summary>
    public const double ReluGain = 2;

    /// <summary>What the variance is multiplied with when nothing follows.</summary>
    public const double LinearGain = 1;

    /// <summary>Draws from a normal distribution of variance gain / fan-in.</summary>
    /// <param name="weight">A weight <c>[outputs, inputs…]</c>; fan-in is the product of all sizes but the first.</param>
    /// <param name="gain"><see cref="ReluGain"/> or <see cref="LinearGain"/>.</param>
    /// <param name="generator">The only source of randomness.</param>
    public static void FillNormal(torch.Tensor weight, double gain, torch.Generator generator)
    {
        var fanIn = weight.numel() / weight.shape[0];
        using var _ = torch.no_grad();
        weight.normal_(0, Math.Sqrt(gain / fanIn), generator);
    }
}
