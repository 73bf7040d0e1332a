using System.Collections.Immutable;
using ActorTrain.Compute.Devices;
using ActorTrain.Compute.Native;
using ActorTrain.Compute.Training;
using ActorTrain.Core.Devices;
using ActorTrain.Core.Plans;
using ActorTrain.Core.Settings;

namespace ActorTrain.Hosting.Runs;

/// <summary>Makes the plan of a job for this machine: its devices, a measured profile, and the partition that balances it.</summary>
internal static class Planner
{
    /// <summary>The devices that the job names, which all exist, one for each stage of its partition.</summary>
    /// <param name="job">The job.</param>
    /// <exception cref="SettingsException">The partition has another number of stages.</exception>
    /// <exception cref="DeviceException">A device does not exist.</exception>
    public static ImmutableArray<DeviceSpec> Devices(ResolvedJob job) =>
        job.Settings.Pipeline.Devices is { } names ? [.. DeviceProbe.Find(names)] : Automatic(job);

    private static ImmutableArray<DeviceSpec> Automatic(ResolvedJob job)
    {
        ImmutableArray<DeviceSpec> devices = [.. DeviceProbe.Auto().Take(Math.Max(1, job.Model.Layers.Count / job.Schedule.DefaultChunksPerDevice))];
        if (job.Settings.Pipeline.Partition is { } partition && partition.Length != devices.Length * job.Schedule.DefaultChunksPerDevice)
            throw new SettingsException(
                "actortrain.job.pipeline.partition",
                $"{partition.Length} stages are given, and devices = auto found {devices.Length} devices: {string.Join(", ", devices)}; {job.Schedule.DefaultChunksPerDevice} for each is right");
        return devices;
    }

    /// <summary>The one numerics class of the devices.</summary>
    /// <param name="job">The job.</param>
    /// <param name="devices">The devices.</param>
    /// <param name="warn">Is told when classes are mixed and the job allows it.</param>
    /// <exception cref="SettingsException">The devices are of several classes, and the job is strict.</exception>
    public static NumericsClass Numerics(ResolvedJob job, ImmutableArray<DeviceSpec> devices, Action<string> warn)
    {
        var classes = devices.Select(d => (Device: d, Class: NumericsClass.Of(DeviceProbe.Describe(d)))).ToList();
        if (classes.FirstOrDefault(c => c.Class != classes[0].Class) is { Class: not null } other)
        {
            var problem = $"{classes[0].Device} computes as '{classes[0].Class}', {other.Device} as '{other.Class}': the last bits depend on the partition";
            if (job.Settings.StrictNumerics)
                throw new SettingsException("actortrain.job.pipeline.devices", $"{problem}; give all devices as many cores, or set numerics = relaxed");
            warn(problem);
        }

        return classes[0].Class;
    }

    /// <summary>The plan.</summary>
    /// <param name="job">The job.</param>
    /// <param name="devices">The devices.</param>
    /// <param name="options">How a device's thread runs while it is profiled.</param>
    /// <param name="cache">A file that keeps the measured profile, or null.</param>
    public static async Task<(PipelinePlan Plan, ModelProfile Profile)> MakeAsync(
        ResolvedJob job, ImmutableArray<DeviceSpec> devices, DeviceExecutorOptions options, string? cache)
    {
        var profile = await ProfileAsync(job, devices[0], options, cache).ConfigureAwait(false);
        return (JobPlanner.Plan(job, devices, Speeds(devices), profile), profile);
    }

    /// <summary>For each device its speed, relative to the first, which is the one that is profiled.</summary>
    public static ImmutableArray<double> Speeds(ImmutableArray<DeviceSpec> devices) => [.. devices.Select(d => (double)d.Cores / devices[0].Cores)];

    private static async Task<ModelProfile> ProfileAsync(ResolvedJob job, DeviceSpec device, DeviceExecutorOptions options, string? cache)
    {
        if (cache is not null && File.Exists(cache))
            return await ProfileFile.ReadAsync(cache, CancellationToken.None).ConfigureAwait(false);
        using var executor = new DeviceExecutor(0, device, options with { Observer = null });
        var profile = await executor.Run("profile", () => LayerProfiler.Measure(job, executor.Device)).ConfigureAwait(false);
        if (cache is not null)
            await ProfileFile.WriteAsync(cache, profile, CancellationToken.None).ConfigureAwait(false);
        return profile;
    }
}
