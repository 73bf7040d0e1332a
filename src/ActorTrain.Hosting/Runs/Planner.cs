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
        var most = job.Schedule?.Devices ?? Math.Max(1, job.Model.Layers.Count / job.LeastChunksPerDevice);
        ImmutableArray<DeviceSpec> devices = [.. DeviceProbe.Auto().Take(most)];
        if (job.Schedule is not null && job.Settings.Pipeline.Partition is { } partition && partition.Length != devices.Length * job.LeastChunksPerDevice)
            throw new SettingsException(
                "actortrain.job.pipeline.partition",
                $"{partition.Length} stages are given, and devices = auto found {devices.Length} devices: {string.Join(", ", devices)}; {job.LeastChunksPerDevice} for each is right");
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

    /// <summary>The plan, with those that were not chosen.</summary>
    /// <param name="job">The job.</param>
    /// <param name="devices">The devices.</param>
    /// <param name="options">How a device's thread runs while it is profiled.</param>
    /// <param name="cache">A file that keeps the measured profile, or null.</param>
    /// <exception cref="PlanException">Nothing fits the devices' memory.</exception>
    public static async Task<(PlanChoice Choice, ModelProfile Profile)> MakeAsync(
        ResolvedJob job, ImmutableArray<DeviceSpec> devices, DeviceExecutorOptions options, string? cache)
    {
        var profile = await ProfileAsync(job, devices[0], options, cache).ConfigureAwait(false);
        return (Choose(job, devices, profile), profile);
    }

    /// <summary>The plan by a profile that was measured before.</summary>
    /// <param name="job">The job.</param>
    /// <param name="devices">The devices.</param>
    /// <param name="profile">The model.</param>
    /// <exception cref="PlanException">Nothing fits the devices' memory.</exception>
    public static PlanChoice Choose(ResolvedJob job, ImmutableArray<DeviceSpec> devices, ModelProfile profile) =>
        JobPlanner.Plan(job, Offers(devices), profile, MayLeaveDevicesOut(job));

    /// <summary>Whether the plan may have fewer devices than there are.</summary>
    /// <param name="job">The job.</param>
    public static bool MayLeaveDevicesOut(ResolvedJob job)
    {
        var pipeline = job.Settings.Pipeline;
        return pipeline.ChoosesSchedule && pipeline.Devices is null && pipeline.Partition is null;
    }

    /// <summary>The devices as the planner sees them.</summary>
    /// <param name="devices">The devices.</param>
    public static ImmutableArray<PlanDevice> Offers(ImmutableArray<DeviceSpec> devices)
    {
        // CPU devices share the process's memory.
        var processors = devices.Count(d => d.Kind == DeviceKind.Cpu);
        return [.. devices.Select(d => new PlanDevice(
            d, d.Cores, DeviceProbe.Describe(d).MemoryBytes / (d.Kind == DeviceKind.Cpu ? processors : 1)))];
    }

    /// <summary>Reads a profile that was measured before.</summary>
    /// <param name="job">The job that it has to be of.</param>
    /// <param name="path">A file in JSON.</param>
    /// <exception cref="PlanException">The file is missing, or no profile, or of another model.</exception>
    public static async Task<ModelProfile> ReadProfileAsync(ResolvedJob job, string path)
    {
        var profile = await ProfileFile.ReadAsync(path, CancellationToken.None).ConfigureAwait(false);
        var layers = job.Model.Layers.Count;
        return profile.Layers.Length == layers
            ? profile
            : throw new PlanException($"{path}: the profile has {profile.Layers.Length} layers, the job's model has {layers}; a profile of this job is right");
    }

    /// <summary>The devices with their speeds relative to the first, which is the one that is profiled.</summary>
    /// <param name="devices">The devices.</param>
    public static ImmutableArray<PlanDevice> Relative(ImmutableArray<DeviceSpec> devices) =>
        [.. devices.Select(d => new PlanDevice(d, (double)d.Cores / devices[0].Cores))];

    private static async Task<ModelProfile> ProfileAsync(ResolvedJob job, DeviceSpec device, DeviceExecutorOptions options, string? cache)
    {
        if (cache is not null && File.Exists(cache))
            return await ReadProfileAsync(job, cache).ConfigureAwait(false);
        using var executor = new DeviceExecutor(0, device, options with { Observer = null });
        var profile = await executor.Run("profile", () => LayerProfiler.Measure(job, executor.Device)).ConfigureAwait(false);
        if (cache is not null)
            await ProfileFile.WriteAsync(cache, profile, CancellationToken.None).ConfigureAwait(false);
        return profile;
    }
}
