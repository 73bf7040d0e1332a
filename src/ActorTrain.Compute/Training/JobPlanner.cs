using System.Collections.Immutable;
using ActorTrain.Core.Devices;
using ActorTrain.Core.Plans;
using ActorTrain.Core.Schedules;

namespace ActorTrain.Compute.Training;

/// <summary>Makes the plan of a job for given devices: the partition that the job names, or the one that balances measured time.</summary>
public static class JobPlanner
{
    /// <summary>Makes the plan.</summary>
    /// <param name="job">The job.</param>
    /// <param name="devices">The devices, in pipeline order.</param>
    /// <param name="speeds">For each its speed, relative to any.</param>
    /// <param name="profile">The model, as measured on the first device.</param>
    /// <exception cref="PlanException">The job's partition or model does not fit so many devices.</exception>
    /// <exception cref="ScheduleException">The schedule does not exist for so many devices.</exception>
    public static PipelinePlan Plan(
        ResolvedJob job, ImmutableArray<DeviceSpec> devices, IReadOnlyList<double> speeds, ModelProfile profile)
    {
        var schedule = job.Schedule.Create(new ScheduleShape(devices.Length, job.Schedule.DefaultChunksPerDevice, job.Settings.Batch.MicroBatches));
        ScheduleValidator.Validate(schedule);
        ImmutableArray<double> relative = [.. speeds.Select(speed => speed / speeds[0])];
        var seconds = profile.Layers.Zip(job.Recompute, (layer, policy) => layer.ForwardSeconds + layer.BackwardSecondsWith(policy)).ToList();
        seconds[^1] += profile.LossSeconds;
        var partition = job.Settings.Pipeline.Partition is { } counts
            ? new Partition([.. counts])
            : PartitionPlanner.Balance(seconds, schedule.Placement.Length, [.. schedule.Placement.Select(device => relative[device])]);
        return new PlanPredictor(profile).Predict(partition, devices, schedule, job.Recompute, relative);
    }
}
