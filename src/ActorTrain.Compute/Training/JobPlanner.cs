using System.Collections.Immutable;
using ActorTrain.Core.Plans;
using ActorTrain.Core.Schedules;

namespace ActorTrain.Compute.Training;

/// <summary>Makes the plan of a job for given devices: what the job leaves to the planner is chosen by measured times and memory.</summary>
public static class JobPlanner
{
    /// <summary>Makes the plan.</summary>
    /// <param name="job">The job.</param>
    /// <param name="devices">The devices, in pipeline order, with speeds relative to any.</param>
    /// <param name="profile">The model, as measured on the first device.</param>
    /// <param name="fewerDevices">Whether the last devices may be left out.</param>
    /// <exception cref="PlanException">The job's partition or model does not fit so many devices, or their memory.</exception>
    /// <exception cref="ScheduleException">The schedule does not exist for so many devices.</exception>
    public static PlanChoice Plan(ResolvedJob job, ImmutableArray<PlanDevice> devices, ModelProfile profile, bool fewerDevices) =>
        PlanSearch.Find(Request(job, devices, profile, fewerDevices));

    /// <summary>What the planner is asked for a job: what the job pins is pinned.</summary>
    /// <inheritdoc cref="Plan" path="/param"/>
    public static PlanRequest Request(ResolvedJob job, ImmutableArray<PlanDevice> devices, ModelProfile profile, bool fewerDevices) => new()
    {
        Profile = profile,
        ProfiledMicroBatches = job.Settings.Batch.MicroBatches,
        MicroBatches = job.Settings.Batch.ChoosesMicroBatches ? job.Settings.Batch.MicroBatchChoices(devices.Length) : null,
        Devices = [.. devices.Select(device => device with { Speed = device.Speed / devices[0].Speed })],
        Schedules = job.Schedules,
        Recompute = job.Settings.Pipeline.Recompute is null ? null : job.Recompute,
        Partition = job.Settings.Pipeline.Partition is { } counts ? new Partition([.. counts]) : null,
        FewerDevices = fewerDevices,
        MoreChunks = job.Schedule is null,
    };
}
