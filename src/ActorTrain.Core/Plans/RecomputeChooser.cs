using System.Collections.Immutable;
using ActorTrain.Core.Schedules;
using ActorTrain.Core.Settings;

namespace ActorTrain.Core.Plans;

/// <summary>Recomputes as little as fits: on each device whose memory is too small, the layers that give back most for their time.</summary>
internal static class RecomputeChooser
{
    /// <summary>For each layer its policy. A device that has too little even when all is recomputed, recomputes all.</summary>
    public static ImmutableArray<RecomputePolicy> Choose(
        ModelProfile profile, Partition partition, Schedule schedule, ImmutableArray<PlanDevice> devices)
    {
        var policies = Enumerable.Repeat(RecomputePolicy.None, profile.Layers.Length).ToArray();
        for (var device = 0; device < devices.Length; device++)
        {
            if (devices[device].MemoryBytes is not { } limit)
                continue;
            var peaks = schedule.Peaks[device];
            var candidates = new Queue<int>(peaks.Chunks
                .SelectMany(chunk => partition[chunk].Layers)
                .OrderByDescending(layer => Saved(profile, layer) / Math.Max(profile.Layers[layer].ForwardSeconds, double.Epsilon)));
            while (MemoryEstimate.OfDevice(profile, partition, peaks, policies).Total > limit && candidates.TryDequeue(out var layer))
                policies[layer] = RecomputePolicy.Full;
        }

        return [.. policies];
    }

    private static double Saved(ModelProfile profile, int layer) =>
        Math.Max(profile.Layers[layer].ActivationBytes, profile.Layers[layer].SplitActivationBytes) - profile.InputBytesOf(layer);
}
