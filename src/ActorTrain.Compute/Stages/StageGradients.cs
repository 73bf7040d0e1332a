using System.Collections.Immutable;
using TorchSharp;

namespace ActorTrain.Compute.Stages;

/// <summary>What a stage reports once a step's gradients are complete.</summary>
/// <param name="SquaredNorms">For each layer of the stage the sum of its gradients' squares, in double precision.</param>
/// <param name="Upward">The follower's gradient of a tied weight on its way to the owner above, or null. Owned by the receiver.</param>
/// <param name="Downward">The summed gradient that the follower below waits for, or null. Owned by the receiver.</param>
public sealed record StageGradients(ImmutableArray<double> SquaredNorms, torch.Tensor? Upward, torch.Tensor? Downward);
