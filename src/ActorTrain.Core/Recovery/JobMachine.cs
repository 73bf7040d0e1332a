using System.Collections.Immutable;
using ActorTrain.Core.Generations;
using ActorTrain.Core.Settings;

namespace ActorTrain.Core.Recovery;

/// <summary>What happens to a job.</summary>
internal abstract record JobEvent
{
    /// <summary>A new generation begins with the nodes there are.</summary>
    public sealed record Begun(ImmutableArray<string> Nodes) : JobEvent;

    /// <summary>A node has promised a generation.</summary>
    public sealed record NodeFenced(Generation Generation, string Node, ImmutableArray<HeldSnapshots> Held) : JobEvent;

    /// <summary>A node is dead.</summary>
    public sealed record NodeLost(string Node) : JobEvent;

    /// <summary>Nodes that have not answered are not waited for any more.</summary>
    public sealed record FenceExpired : JobEvent;

    /// <summary>There is a plan; so many stages are built, and copies are kept of so many.</summary>
    public sealed record Planned(int Stages, int Keepers) : JobEvent;

    /// <summary>A stage is built.</summary>
    public sealed record StageInstalled(Generation Generation, int Stage) : JobEvent;

    /// <summary>Copies of a stage are taken from now on.</summary>
    public sealed record KeeperReady(Generation Generation, int Stage) : JobEvent;

    /// <summary>So many nodes have a stage's snapshot.</summary>
    public sealed record SnapshotHeld(Generation Generation, int Stage, long Step, int Nodes) : JobEvent;

    /// <summary>A stage has done all its steps.</summary>
    public sealed record StageFinished(Generation Generation, int Stage) : JobEvent;

    /// <summary>Something failed at a time.</summary>
    public sealed record Failed(DateTimeOffset At, RecoverySettings Bound) : JobEvent;
}

/// <summary>What a job's supervisor has to do.</summary>
internal abstract record JobEffect
{
    /// <summary>Ask nodes for their promise.</summary>
    public sealed record AskForPromise(ImmutableArray<string> Nodes) : JobEffect;

    /// <summary>Choose devices, the step to go back to, and a plan. Once for each generation.</summary>
    public sealed record Choose : JobEffect;

    /// <summary>Ask anew in a while, for most nodes are silent and may go on without this side.</summary>
    public sealed record Wait : JobEffect;

    /// <summary>Start the stages.</summary>
    public sealed record Start : JobEffect;

    /// <summary>Tell nodes that a step is safe.</summary>
    public sealed record Commit(long Step) : JobEffect;

    /// <summary>Begin a new generation.</summary>
    public sealed record GoBack : JobEffect;

    /// <summary>End the job: it was set back too often.</summary>
    public sealed record GiveUp : JobEffect;
}

/// <summary>
/// Decides how a job's generations follow each other: promises, what is waited for, when it starts, what is safe, how often
/// it may go back. What is of another generation or phase changes nothing.
/// </summary>
internal static class JobMachine
{
    /// <summary>Takes an event.</summary>
    public static (JobState State, ImmutableArray<JobEffect> Effects) On(JobState state, JobEvent happened) => happened switch
    {
        JobEvent.Begun begun => Begin(state, begun.Nodes),
        JobEvent.NodeFenced fenced => OnFenced(state, fenced),
        JobEvent.NodeLost lost => OnLost(state, [lost.Node]),
        JobEvent.FenceExpired => OnLost(state with { Silent = state.Phase == JobPhase.Fencing ? state.Awaited : state.Silent }, state.Awaited),
        JobEvent.Planned planned => (
            state with { Phase = JobPhase.Installing, Keepers = planned.Keepers, Commits = new Commits(planned.Stages, planned.Keepers > 0 ? 2 : 1) }, []),
        JobEvent.StageInstalled e when IsNow(state, e.Generation, JobPhase.Installing) =>
            StartWhenInstalled(state with { Installed = state.Installed.Add(e.Stage) }),
        JobEvent.KeeperReady e when IsNow(state, e.Generation, JobPhase.Installing) =>
            StartWhenInstalled(state with { Kept = state.Kept.Add(e.Stage) }),
        JobEvent.SnapshotHeld e when IsNow(state, e.Generation, JobPhase.Running) => OnHeld(state, e),
        JobEvent.StageFinished e when IsNow(state, e.Generation, JobPhase.Running) => (state with { Finished = state.Finished.Add(e.Stage) }, []),
        JobEvent.Failed failed => OnFailed(state, failed),
        _ => (state, []),
    };

    private static bool IsNow(JobState state, Generation generation, JobPhase phase) => generation == state.Generation && state.Phase == phase;

    private static (JobState, ImmutableArray<JobEffect>) Begin(JobState state, ImmutableArray<string> nodes) => (
        new JobState(state.Generation with { Number = state.Generation.Number + 1 })
        {
            Phase = JobPhase.Fencing,
            Awaited = [.. nodes],
            Restarts = state.Restarts,
        },
        [new JobEffect.AskForPromise(nodes)]);

    private static (JobState, ImmutableArray<JobEffect>) OnFenced(JobState state, JobEvent.NodeFenced fenced)
    {
        if (!IsNow(state, fenced.Generation, JobPhase.Fencing) || !state.Awaited.Contains(fenced.Node))
            return (state, []);
        return ChooseWhenFenced(state with
        {
            Awaited = state.Awaited.Remove(fenced.Node),
            Inventories = state.Inventories.Add(fenced.Node, fenced.Held),
        });
    }

    private static (JobState, ImmutableArray<JobEffect>) OnLost(JobState state, IEnumerable<string> nodes)
    {
        if (state.Phase != JobPhase.Fencing)
            return (state, []);
        var lost = state.Awaited.Intersect(nodes);
        return ChooseWhenFenced(state with { Awaited = state.Awaited.Except(lost), Lost = state.Lost.Union(lost) });
    }

    private static (JobState, ImmutableArray<JobEffect>) ChooseWhenFenced(JobState state) =>
        !state.Awaited.IsEmpty ? (state, [])
        : state.HasMajority ? (state with { Phase = JobPhase.Choosing }, [new JobEffect.Choose()])
        : (state with { Phase = JobPhase.Idle }, [new JobEffect.Wait()]);

    private static (JobState, ImmutableArray<JobEffect>) StartWhenInstalled(JobState state) =>
        state.Installed.Count == state.Commits.Stages && state.Kept.Count == state.Keepers
            ? (state with { Phase = JobPhase.Running }, [new JobEffect.Start()])
            : (state, []);

    private static (JobState, ImmutableArray<JobEffect>) OnHeld(JobState state, JobEvent.SnapshotHeld held)
    {
        var commits = state.Commits.Add(held.Step, held.Stage, held.Nodes);
        return (state with { Commits = commits }, commits.Committed > state.Commits.Committed ? [new JobEffect.Commit(commits.Committed)] : []);
    }

    private static (JobState, ImmutableArray<JobEffect>) OnFailed(JobState state, JobEvent.Failed failed) =>
        state.Restarts.Spend(failed.At, failed.Bound) is { } left
            ? (state with { Phase = JobPhase.Idle, Restarts = left }, [new JobEffect.GoBack()])
            : (state with { Phase = JobPhase.Idle }, [new JobEffect.GiveUp()]);
}
