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
    /// <param name="split">
    /// Whether backward passes are split. Each micro-batch then counts with what it keeps for B or with what it keeps for W,
    /// whichever is more.
    /// </param>
    public static MemoryEstimate OfStage(
        ModelProfile profile, LayerRange range, int credits, ImmutableArray<RecomputePolicy> recompute, bool split)
    {
        long parameters = 0, kept = 0, deferred = 0, again = 0;
        foreach (var layer in range.Layers)
        {
            var cost = profile.Layers[layer];
            var recomputed = recompute[layer] == RecomputePolicy.Full;
            var activations = split ? cost.SplitActivationBytes : cost.ActivationBytes;
            parameters = checked(parameters + cost.ParameterBytes);
            kept = checked(kept + (recomputed ? profile.InputBytesOf(layer) : activations));
            deferred = checked(deferred + (split ? cost.DeferredBytes : 0));
            if (recomputed)
                again = Math.Max(again, activations);
        }

        return new(parameters, parameters, checked(profile.OptimizerBuffers * parameters), checked(credits * Math.Max(kept, deferred)), again);
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
