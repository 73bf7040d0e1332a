using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ActorTrain.Stages.Transformer.Layers;

/// <summary>How GPT-2's parameters start (Radford et al. 2019, section 2.3, and its published code).</summary>
internal static class InitialValues
{
    /// <summary>Standard deviation of all matrices but the residual projections.</summary>
    public const double Deviation = 0.02;

    /// <summary>
    /// Standard deviation of the projections that end in the residual stream, so that its variance does not grow with the
    /// number of blocks: each adds to it twice.
    /// </summary>
    public static double ResidualDeviation(int blocks) => Deviation / Math.Sqrt(2.0 * blocks);

    public static void Set(LayerNorm norm)
    {
        using var _ = no_grad();
        norm.weight!.fill_(1);
        norm.bias!.zero_();
    }
}
