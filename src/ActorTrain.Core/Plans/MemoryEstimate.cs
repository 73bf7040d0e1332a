using System.Collections.Immutable;
using ActorTrain.Core.Schedules;
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

    /// <summary>
    /// Predicts a device's memory: that of its stages at the moment at which all of them together hold most. It runs one
    /// action, and so one recomputation, at a time.
    /// </summary>
    /// <param name="profile">What the layers keep.</param>
    /// <param name="partition">Which layers form which stage.</param>
    /// <param name="peaks">What the device holds, in micro-batches.</param>
    /// <param name="recompute">For each layer of the model its policy.</param>
    public static MemoryEstimate OfDevice(
        ModelProfile profile, Partition partition, DevicePeaks peaks, IReadOnlyList<RecomputePolicy> recompute) =>
        OfDevice(profile, [.. peaks.Chunks.Select(chunk => partition[chunk])], peaks, recompute);

    /// <summary>As above, for the layers of each of the device's stages.</summary>
    internal static MemoryEstimate OfDevice(
        ModelProfile profile, ImmutableArray<LayerRange> stages, DevicePeaks peaks, IReadOnlyList<RecomputePolicy> recompute)
    {
        long parameters = 0, again = 0;
        var forwarded = new long[peaks.Chunks.Length];
        var deferred = new long[peaks.Chunks.Length];
        for (var chunk = 0; chunk < peaks.Chunks.Length; chunk++)
        {
            var range = stages[chunk];
            for (var layer = range.First; layer < range.End; layer++)
            {
                var cost = profile.Layers[layer];
                var activations = Math.Max(
                    peaks.Splits[chunk] ? cost.SplitActivationBytes : 0, peaks.Wholes[chunk] ? cost.ActivationBytes : 0);
                var recomputed = recompute[layer] == RecomputePolicy.Full;
                parameters = checked(parameters + cost.ParameterBytes);
                forwarded[chunk] = checked(forwarded[chunk] + (recomputed ? profile.InputBytesOf(layer) : activations));
                deferred[chunk] = checked(deferred[chunk] + (peaks.Splits[chunk] ? cost.DeferredBytes : 0));
                if (recomputed)
                    again = Math.Max(again, activations);
            }
        }

        var most = peaks.Moments.Max(moment => moment.Select((held, chunk) => checked(
            held.Forwarded * forwarded[chunk] + held.Deferred * deferred[chunk])).Sum());
        return new(parameters, parameters, checked(profile.OptimizerBuffers * parameters), most, again);
    }
}
