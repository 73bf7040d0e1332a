using System.Collections.Immutable;
using ActorTrain.Core.Settings;

namespace ActorTrain.Core.Plans;

/// <summary>What a stage, or a device with several, holds at its peak, in bytes.</summary>
/// <param name="Parameters">The parameters.</param>
/// <param name="Gradients">Their gradients.</param>
/// <param name="OptimizerState">The optimizer's buffers.</param>
/// <param name="Activations">What all micro-batches in flight keep.</param>
/// <param name="Recomputation">The largest recomputed layer's activations, which exist while it is run again.</param>
public sealed record MemoryEstimate(long Parameters, long Gradients, long OptimizerState, long Activations, long Recomputation)
{
    /// <summary>All of it.</summary>
    public long Total => checked(Parameters + Gradients + OptimizerState + Activations + Recomputation);

    /// <summary>Predicts a stage's memory.</summary>
    /// <param name="profile">What the layers keep.</param>
    /// <param name="range">The stage's layers.</param>
    /// <param name="credits">Micro-batches that the stage holds at a time.</param>
    /// <param name="recompute">For each layer of the model its policy.</param>
    public static MemoryEstimate OfStage(
        ModelProfile profile, LayerRange range, int credits, ImmutableArray<RecomputePolicy> recompute)
    {
        long parameters = 0, kept = 0, again = 0;
        foreach (var layer in range.Layers)
        {
            var cost = profile.Layers[layer];
            var recomputed = recompute[layer] == RecomputePolicy.Full;
            parameters = checked(parameters + cost.ParameterBytes);
            kept = checked(kept + (recomputed ? profile.InputBytesOf(layer) : cost.ActivationBytes));
            if (recomputed)
                again = Math.Max(again, cost.ActivationBytes);
        }

        return new(parameters, parameters, checked(profile.OptimizerBuffers * parameters), checked(credits * kept), again);
    }

    /// <summary>The memory of stages on one device, which runs one action, and so one recomputation, at a time.</summary>
    /// <param name="stages">The stages' own estimates.</param>
    public static MemoryEstimate OfDevice(IEnumerable<MemoryEstimate> stages) => stages.Aggregate((a, b) => checked(new(
        a.Parameters + b.Parameters,
        a.Gradients + b.Gradients,
        a.OptimizerState + b.OptimizerState,
        a.Activations + b.Activations,
        Math.Max(a.Recomputation, b.Recomputation))));
}
