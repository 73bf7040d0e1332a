using ActorTrain.Admin;
using ActorTrain.Core.Plans;
using ActorTrain.Core.Schedules;
using ActorTrain.Core.Settings;
using ActorTrain.Runtime.Cluster.Admin;
using ActorTrain.Runtime.Cluster.Protocol;
using Akka.Actor;

namespace ActorTrain.Runtime.Cluster.Jobs;

/// <summary>What the plan of a job would be if it were another job.</summary>
internal sealed partial class ClusterJobActor
{
    // What else a job sets either is not the planner's concern, or changes what was measured.
    private static readonly string[] Tried = ["pipeline.", "batch."];

    private CommandAnswer? TryOther(CommandCall call)
    {
        var (command, overrides, attempt) = (call.Command, call.All("set"), Planned);
        if (overrides.FirstOrDefault(o => !Tried.Any(key => o.StartsWith(key, StringComparison.Ordinal))) is { } other)
            throw new CommandUsageException($"'plan try' --set {other}: a setting under pipeline or batch is right; what others change has to be measured first");
        var (node, record, profile, asker) = (_node, _record, _profile!, Sender);
        var (job, plan, devices, free) = (_job!.Settings.Batch, attempt.Plan, _devices, _free);
        Task.Run(() =>
        {
            using var tried = node.Resolve(record.Name, record.Text, overrides);
            var (least, most) = ClusterPlanner.DevicesFor(tried);
            var all = devices.Concat(free).Take(most).ToArray();
            if (all.Length < least)
                throw new PlanException($"{least} devices are needed, {all.Length} are there");
            var scale = SequencesOfMicroBatch(tried.Settings.Batch) / SequencesOfMicroBatch(job);
            return JobAnswers.Plans(command, ("now", plan, devices), ("tried", ClusterPlanner.Plan(tried, [.. all], profile.Scaled(scale)), [.. all]));
        }).PipeTo(asker, Self, answer => answer.ToMessage(), e => RefusalOf(Unwrapped(e)));
        return null;
    }

    private static double SequencesOfMicroBatch(BatchSettings batch) => (double)batch.Sequences / batch.MicroBatches;

    private static Refused RefusalOf(Exception e) => new(e.Message, IsUsage: e is SettingsException or PlanException or ScheduleException);
}
