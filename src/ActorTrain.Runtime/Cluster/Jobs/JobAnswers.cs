using System.Collections.Immutable;
using ActorTrain.Admin;
using ActorTrain.Compute.Training;
using ActorTrain.Core.Plans;
using ActorTrain.Runtime.Cluster.Protocol;

namespace ActorTrain.Runtime.Cluster.Jobs;

/// <summary>What commands about jobs answer, in the columns that they declare.</summary>
internal static class JobAnswers
{
    /// <summary><c>train list</c>.</summary>
    public static CommandAnswer List(CommandDeclaration command, IEnumerable<JobSummary> jobs) => new(
        command, [.. jobs.OrderBy(j => j.Job, StringComparer.Ordinal).Select(j => CommandAnswer.Row(command, j.Job, j.Name, j.State, j.Step, j.Steps, j.Loss))]);

    /// <summary><c>train status</c> of a job that is over.</summary>
    public static CommandAnswer Ended(CommandDeclaration command, JobSummary job, JobEnded ended) => new(command,
    [
        CommandAnswer.Row(
            command, job.Job, job.Name, job.State, job.Step, job.Steps, job.Loss, null, null, null, null, null, null, ended.Result?.RunDirectory,
            ended.Failure ?? $"weights sha256 {ended.Result!.WeightsSha256}"),
    ]);

    /// <summary><c>stage list</c>.</summary>
    public static CommandAnswer Stages(CommandDeclaration command, PipelineAttempt attempt, ResolvedJob job, long generation, JobStepped? latest) => new(command,
    [
        .. Enumerable.Range(0, attempt.Plan.Partition.Stages).Select(stage => CommandAnswer.Row(
            command,
            stage,
            attempt.DeviceOf(stage).Slot.Address,
            attempt.DeviceOf(stage).Spec.ToString(),
            job.Model.NameOf(attempt.Plan.Partition[stage]),
            generation,
            BusyOf(attempt, stage, latest))),
    ]);

    /// <summary>The share of the last step that a stage's device was busy, or null.</summary>
    public static double? BusyOf(PipelineAttempt attempt, int stage, JobStepped? latest) =>
        latest?.Busy.Select(b => (double?)b).ElementAtOrDefault(attempt.Plan.Schedule.Placement[stage]);

    /// <summary><c>plan show</c>.</summary>
    public static CommandAnswer Plan(CommandDeclaration command, PipelinePlan plan, ImmutableArray<ClusterDevice> devices) =>
        new(command, [CommandAnswer.Row(command, PlanCells(plan, devices))]);

    /// <summary><c>plan try</c>.</summary>
    public static CommandAnswer Plans(CommandDeclaration command, params (string Name, PipelinePlan Plan, ImmutableArray<ClusterDevice> Devices)[] plans) =>
        new(command, [.. plans.Select(p => CommandAnswer.Row(command, [p.Name, .. PlanCells(p.Plan, p.Devices)]))]);

    /// <summary><c>wire list</c>.</summary>
    public static CommandAnswer Wires(CommandDeclaration command, PipelineAttempt attempt, ResolvedJob job, JobStepped? latest) => new(command,
    [
        .. Enumerable.Range(0, attempt.Plan.Partition.Stages - 1).Select(edge =>
        {
            var (above, below) = (attempt.DeviceOf(edge), attempt.DeviceOf(edge + 1));
            var isRemote = above.Slot.Address != below.Slot.Address;
            var codecs = job.Settings.Wire.Of(edge);
            var use = latest?.Edges.FirstOrDefault(e => e.Edge == edge);
            return CommandAnswer.Row(
                command, edge, above, below, isRemote, isRemote ? codecs.Activations : "none", isRemote ? codecs.Gradients : "none", use?.Bytes,
                use is { Bytes: > 0 } ? (double)use.RawBytes / use.Bytes : null, use?.SendingSeconds, use?.WaitingSeconds);
        }),
    ]);

    private static object?[] PlanCells(PipelinePlan plan, ImmutableArray<ClusterDevice> devices) =>
    [
        plan.Schedule.Name, plan.Partition.Stages, $"[{string.Join(", ", plan.Partition.Counts)}]", string.Join("; ", devices), plan.Schedule.Shape.MicroBatches,
        Math.Round(plan.StepSeconds, 6), Math.Round(plan.BubbleFraction, 4), plan.Memory.Max(m => m.Total),
    ];
}
