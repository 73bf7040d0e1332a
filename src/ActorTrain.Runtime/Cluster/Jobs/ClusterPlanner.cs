using System.Collections.Immutable;
using System.Security.Cryptography;
using ActorTrain.Compute.Training;
using ActorTrain.Core.Devices;
using ActorTrain.Core.Generations;
using ActorTrain.Core.Plans;
using ActorTrain.Core.Recovery;
using ActorTrain.Runtime.Cluster.Protocol;
using ActorTrain.Runtime.Cluster.Snapshots;

namespace ActorTrain.Runtime.Cluster.Jobs;

/// <summary>Makes the plan of a job for devices of the cluster, and the messages that install it.</summary>
internal static class ClusterPlanner
{
    private const int TokenBytes = 32;

    /// <summary>How many devices a job needs and can use: one for each stage.</summary>
    /// <param name="job">The job.</param>
    /// <exception cref="PlanException">The job names devices, which only mean something on one machine.</exception>
    public static (int Least, int Most) DevicesFor(ResolvedJob job)
    {
        if (job.Settings.Pipeline.Devices is { } names)
            throw new PlanException(
                $"pipeline.devices names {string.Join(", ", names)}, which are one machine's; in a cluster devices = auto is right, " +
                "with as many numbers in pipeline.partition as there are to be stages");
        if (job.Settings.Batch.ChoosesMicroBatches)
            throw new PlanException(
                "batch.micro-batches = auto is chosen by what one machine measures, and the bits depend on it; in a cluster a number is right, "
                + $"such as {job.Settings.Batch.MicroBatches}");
        var chunks = job.LeastChunksPerDevice;
        if (job.Schedule?.Devices is { } only)
            return (only, only);
        if (job.Settings.Pipeline.Partition is not { } partition)
            return (1, Math.Max(1, job.Model.Layers.Count / chunks));
        return partition.Length % chunks == 0
            ? (partition.Length / chunks, partition.Length / chunks)
            : throw new PlanException($"pipeline.partition has {partition.Length} stages; schedule {job.Settings.Pipeline.Schedule} has {chunks} on each device, so a multiple of {chunks} is right");
    }

    /// <summary>Refuses devices whose bits differ, unless the job allows it.</summary>
    /// <param name="job">The job.</param>
    /// <param name="devices">The devices.</param>
    /// <returns>What to say when classes are mixed; null when they are one.</returns>
    /// <exception cref="PlanException">Classes are mixed and the job is strict.</exception>
    public static string? CheckNumerics(ResolvedJob job, ImmutableArray<ClusterDevice> devices)
    {
        var first = devices[0];
        if (devices.FirstOrDefault(d => d.Offer.Numerics != first.Offer.Numerics) is not { } other)
            return null;
        var problem = $"{first} computes as '{first.Offer.Numerics}', {other} as '{other.Offer.Numerics}': the last bits depend on the partition";
        return job.Settings.StrictNumerics
            ? throw new PlanException($"{problem}; offer devices of one class, or set numerics = relaxed")
            : problem;
    }

    /// <summary>Makes the plan.</summary>
    /// <param name="job">The job.</param>
    /// <param name="devices">The devices, in pipeline order.</param>
    /// <param name="profile">The model, as measured on the first of them.</param>
    /// <exception cref="PlanException">Nothing fits the devices.</exception>
    public static PipelinePlan Plan(ResolvedJob job, ImmutableArray<ClusterDevice> devices, ModelProfile profile) => JobPlanner.Plan(
        job,
        [.. devices.Select(d => new PlanDevice(d.Spec, d.Offer.GigaflopsPerSecond, MemoryOf(d, devices)))],
        profile,
        fewerDevices: false).Best.Plan;

    /// <summary>CPU devices of a node share its memory.</summary>
    private static long MemoryOf(ClusterDevice device, ImmutableArray<ClusterDevice> devices) =>
        device.Offer.MemoryBytes / (device.Spec.Kind == DeviceKind.Cpu
            ? devices.Count(d => d.Spec.Kind == DeviceKind.Cpu && d.Slot.Address == device.Slot.Address)
            : 1);

    /// <summary>What the planner has chosen in place of <c>auto</c>, as overrides, for the nodes that build the job's stages.</summary>
    /// <param name="job">The job.</param>
    /// <param name="plan">The plan.</param>
    public static IReadOnlyList<string> Choices(ResolvedJob job, PipelinePlan plan)
    {
        var choices = new List<string>();
        if (job.Schedule is null)
            choices.Add($"pipeline.schedule={plan.Schedule.Name}");
        if (job.Settings.Pipeline.Recompute is null)
            choices.Add($"pipeline.recompute=[{string.Join(", ", plan.Recompute).ToLowerInvariant()}]");
        return choices;
    }

    /// <summary>Which node keeps copies of each stage's snapshots; see <see cref="BuddyChoice"/>.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="devices">Its devices.</param>
    /// <param name="nodes">All nodes.</param>
    /// <returns>Null for each stage when there is no second node.</returns>
    public static ImmutableArray<NodeOffer?> Buddies(PipelinePlan plan, ImmutableArray<ClusterDevice> devices, IReadOnlyList<NodeOffer> nodes) =>
        BuddyChoice.Of([.. plan.Schedule.Placement.Select(device => devices[device])], nodes);

    /// <summary>A secret for one generation.</summary>
    public static byte[] NewToken() => RandomNumberGenerator.GetBytes(TokenBytes);

    /// <summary>What installs each stage of a plan.</summary>
    /// <param name="submit">The job's text, with the planner's choices in place.</param>
    /// <param name="id">The job's id.</param>
    /// <param name="generation">The generation.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="devices">Its devices.</param>
    /// <param name="from">Where the run goes on from.</param>
    /// <param name="buddies">For each stage the node that keeps copies of its snapshots, or null.</param>
    /// <param name="maxBytes">The most that all layers' states take together.</param>
    public static ImmutableArray<InstallStage> Installs(
        SubmitJob submit,
        string id,
        Generation generation,
        PipelinePlan plan,
        ImmutableArray<ClusterDevice> devices,
        RestorePoint from,
        ImmutableArray<NodeOffer?> buddies,
        long maxBytes)
    {
        var token = NewToken();
        var stages = plan.Partition.Stages;
        ClusterDevice DeviceOf(int stage) => devices[plan.Schedule.Placement[stage]];
        return
        [
            .. Enumerable.Range(0, stages).Select(stage => new InstallStage
            {
                Entity = DeviceOf(stage).Slot.Stage(id, generation, replica: 0, stage),
                Job = id,
                Text = submit.Text,
                Generation = GenerationNumber.Of(generation),
                Stage = stage,
                Partition = [.. plan.Partition.Counts],
                Devices = devices.Length,
                Token = token,
                Above = stage == 0 ? null : DeviceOf(stage - 1).DataPlane,
                Below = stage == stages - 1 ? null : DeviceOf(stage + 1).DataPlane,
                Step = from.Progress.Step,
                Updates = from.Progress.Updates,
                SkippedInARow = from.Progress.SkippedInARow,
                Sources = from.SourcesOf(plan.Partition[stage].First, plan.Partition[stage].Count, DeviceOf(stage).Slot.Address),
                MaxBytes = maxBytes,
                Buddy = buddies[stage]?.DataPlane,
            }),
        ];
    }
}
