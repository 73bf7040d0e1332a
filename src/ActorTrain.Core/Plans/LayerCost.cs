using ActorTrain.Core.Settings;

namespace ActorTrain.Core.Plans;

/// <summary>What a layer takes for one micro-batch, as a profile measures it.</summary>
/// <param name="Name">The layer's name.</param>
/// <param name="ForwardSeconds">Time of F.</param>
/// <param name="BackwardSeconds">Time of BW, without running F again.</param>
/// <param name="InputGradientSeconds">Time of B, without running F again.</param>
/// <param name="WeightGradientSeconds">Time of W.</param>
/// <param name="ParameterBytes">Size of the parameters, and so of their gradients.</param>
/// <param name="ActivationBytes">What F keeps for BW when nothing is recomputed.</param>
/// <param name="SplitActivationBytes">What F keeps for B when nothing is recomputed.</param>
/// <param name="DeferredBytes">What B keeps for W.</param>
/// <param name="OutputBytes">Size of the output, which the next layer gets.</param>
public sealed record LayerCost(
    string Name,
    double ForwardSeconds,
    double BackwardSeconds,
    double InputGradientSeconds,
    double WeightGradientSeconds,
    long ParameterBytes,
    long ActivationBytes,
    long SplitActivationBytes,
    long DeferredBytes,
    long OutputBytes)
{
    /// <summary>Time of BW under a policy: a recomputed layer runs F again first.</summary>
    /// <param name="policy">The layer's policy.</param>
    public double BackwardSecondsWith(RecomputePolicy policy) =>
        BackwardSeconds + AgainSecondsWith(policy);

    /// <summary>Time of B under a policy: a recomputed layer runs F again first.</summary>
    /// <param name="policy">The layer's policy.</param>
    public double InputGradientSecondsWith(RecomputePolicy policy) =>
        InputGradientSeconds + AgainSecondsWith(policy);

    private double AgainSecondsWith(RecomputePolicy policy) => policy == RecomputePolicy.Full ? ForwardSeconds : 0;
}
