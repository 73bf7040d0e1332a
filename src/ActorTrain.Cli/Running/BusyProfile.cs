using System.Collections.Immutable;
using ActorTrain.Compute.Devices;
using ActorTrain.Compute.Training;
using ActorTrain.Core.Devices;
using ActorTrain.Core.Plans;

namespace ActorTrain.Cli.Running;

/// <summary>
/// Profiles a model while all devices of a run are busy, as they are in the run: devices of one machine share its memory,
/// and each is slower when the others compute too.
/// </summary>
internal static class BusyProfile
{
    /// <summary>Measures on all devices at once. Times are medians; memory is measured alone, for it is the process's.</summary>
    /// <param name="job">The job.</param>
    /// <param name="devices">The devices.</param>
    /// <param name="options">How their threads run.</param>
    /// <param name="repetitions">How often each time is taken.</param>
    public static async Task<ModelProfile> MeasureAsync(
        ResolvedJob job, ImmutableArray<DeviceSpec> devices, DeviceExecutorOptions options, int repetitions)
    {
        var executors = devices.Select((device, i) => new DeviceExecutor(i, device, options with { Observer = null })).ToImmutableArray();
        try
        {
            var alone = await executors[0].Run("profile", () => LayerProfiler.Measure(job, executors[0].Device, repetitions: 1)).ConfigureAwait(false);
            var together = await Task.WhenAll(executors.Select(executor =>
                executor.Run("profile", () => LayerProfiler.Measure(job, executor.Device, repetitions)))).ConfigureAwait(false);
            return alone with
            {
                Layers = [.. alone.Layers.Select((layer, i) => layer with
                {
                    ForwardSeconds = Median(together, i, m => m.Forward),
                    BackwardSeconds = Median(together, i, m => m.Backward),
                    InputGradientSeconds = Median(together, i, m => m.InputGradient),
                    WeightGradientSeconds = Median(together, i, m => m.WeightGradient),
                })],
                Measures = together[0].Measures,
                LossSeconds = together.Average(p => p.LossSeconds),
                UpdateSecondsPerByte = together.Average(p => p.UpdateSecondsPerByte),
            };
        }
        finally
        {
            foreach (var executor in executors)
                executor.Dispose();
        }
    }

    private static double Median(IEnumerable<ModelProfile> profiles, int layer, Func<LayerMeasure, TimeSpread> time) =>
        profiles.Average(profile => time(profile.Measures[layer]).Median);
}
