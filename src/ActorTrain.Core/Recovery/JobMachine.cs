using System.Collections.Immutable;
using ActorTrain.Core.Generations;

namespace ActorTrain.Core.Recovery;

/// <summary>
/// Decides how a job's generations follow each other: leases, promises, what is waited for, when it starts, what is safe,
/// when it moves, stops and ends, how often it may go back. What is of another generation or phase changes nothing.
/// </summary>
internal static class JobMachine
{
    /// <summary>Takes an event.</summary>
    public static (JobState State, ImmutableArray<JobEffect> Effects) On(JobState state, JobEvent happened) => happened switch
    {
        _ when state.Phase == JobPhase.Over => (state, []),
        JobEvent.Accepted e => Lease(state with { Steps = e.Steps }),
        JobEvent.DevicesMissing when state.Phase == JobPhase.Leasing => AbandonWhenStopped(state with { Phase = JobPhase.Waiting }),
        JobEvent.Begun e => Begin(state, e),
        JobEvent.NodeFenced e => OnFenced(state, e),
        JobEvent.NodeLost e => OnLost(state, [e.Node]),
        JobEvent.FenceExpired => OnLost(state with { Silent = state.Phase == JobPhase.Fencing ? state.Awaited : state.Silent }, state.Awaited),
        JobEvent.Restored e when state.Phase == JobPhase.Choosing => JobCheckpoints.OnRestored(state with { Reached = e.Progress }),
        JobEvent.Planned e when state.Phase == JobPhase.Choosing => (
            state with { Phase = JobPhase.Installing, Keepers = e.Keepers, Commits = new Commits(e.Stages, e.Keepers > 0 ? 2 : 1) }, []),
        JobEvent.StageInstalled e when IsNow(state, e.Generation, JobPhase.Installing) =>
            StartWhenInstalled(state with { Installed = state.Installed.Add(e.Stage) }),
        JobEvent.KeeperReady e when IsNow(state, e.Generation, JobPhase.Installing) =>
            StartWhenInstalled(state with { Kept = state.Kept.Add(e.Stage) }),
        JobEvent.Judged e when IsNow(state, e.Generation, JobPhase.Running) => OnJudged(state, e),
        JobEvent.SnapshotHeld e when IsNow(state, e.Generation, JobPhase.Running) => JobCheckpoints.OnHeld(state, e),
        JobEvent.CheckpointGathered e when e.Generation == state.Generation => JobCheckpoints.OnGathered(state, e.Step),
        JobEvent.CheckpointOver e => EndWhenDone(state with { Checkpoints = state.Checkpoints.Remove(e.Step) }),
        JobEvent.StageFinished e when IsNow(state, e.Generation, JobPhase.Running) =>
            EndWhenDone(state with { Finished = state.Finished.Add(e.Stage) }),
        JobEvent.StopWanted => OnStop(state),
        JobEvent.PauseWanted => JobPauses.OnWanted(state),
        JobEvent.Paused e when IsNow(state, e.Generation, JobPhase.Running) => JobPauses.OnPaused(state, e.Step),
        JobEvent.ResumeWanted when state.PauseWanted => JobPauses.OnResumeWanted(state),
        JobEvent.CheckpointWanted when state.Phase == JobPhase.Running => JobCheckpoints.OnWanted(state),
        JobEvent.RestartWanted when state.Phase is JobPhase.Installing or JobPhase.Running => JobPauses.Anew(state),
        JobEvent.MoveWanted when !state.MoveWanted => OnMove(state),
        JobEvent.Failed e => OnFailed(state, e),
        _ => (state, []),
    };

    private static bool IsNow(JobState state, Generation generation, JobPhase phase) => generation == state.Generation && state.Phase == phase;

    // Whoever leases gets what is best now, which is all that a move is about.
    private static (JobState, ImmutableArray<JobEffect>) Lease(JobState state, params ImmutableArray<JobEffect> before) =>
        (state with { Phase = JobPhase.Leasing, MoveWanted = false }, [.. before, new JobEffect.Lease(state.Lost)]);

    private static (JobState, ImmutableArray<JobEffect>) Begin(JobState state, JobEvent.Begun begun) => (
        new JobState(state.Generation with { Number = state.Generation.Number + 1 })
        {
            Phase = JobPhase.Fencing,
            Steps = state.Steps,
            StopWanted = state.StopWanted,
            MoveWanted = state.MoveWanted,
            PauseWanted = state.PauseWanted,
            Reached = state.Reached,
            StoppedAt = state.StoppedAt,
            Checkpoints = JobCheckpoints.BeforeFence(state.Checkpoints),
            Leased = [.. begun.Leased],
            Awaited = [.. begun.Nodes],
            Restarts = state.Restarts,
        },
        [new JobEffect.AskForPromise(begun.Nodes)]);

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
        var lost = state.Awaited.Union(state.Inventories.Keys).Intersect(nodes);
        return ChooseWhenFenced(state with
        {
            Awaited = state.Awaited.Except(lost),
            Inventories = state.Inventories.RemoveRange(lost),
            Lost = state.Lost.Union(lost),
        });
    }

    private static (JobState, ImmutableArray<JobEffect>) ChooseWhenFenced(JobState state)
    {
        if (!state.Awaited.IsEmpty)
            return (state, []);
        if (!state.HasMajority)
            return (state with { Phase = JobPhase.Idle }, [new JobEffect.Wait()]);
        return state.MoveWanted || state.Leased.IsEmpty || state.Leased.Any(node => !state.Inventories.ContainsKey(node))
            ? Lease(state)
            : (state with { Phase = JobPhase.Choosing }, [new JobEffect.Choose()]);
    }

    private static (JobState, ImmutableArray<JobEffect>) StartWhenInstalled(JobState state)
    {
        if (state.Installed.Count < state.Commits.Stages || state.Kept.Count < state.Keepers)
            return (state, []);
        if (state.PauseWanted)
            return JobPauses.Hold(state);
        state = state with { Phase = JobPhase.Running };
        return (state, [new JobEffect.Start(), .. EndAfterStepIfWanted(state)]);
    }

    private static ImmutableArray<JobEffect> EndAfterStepIfWanted(JobState state) =>
        state.Phase == JobPhase.Running && (state.StopWanted || state.MoveWanted) ? [new JobEffect.EndAfterStep(state.StopWanted)] : [];

    private static (JobState, ImmutableArray<JobEffect>) OnJudged(JobState state, JobEvent.Judged judged)
    {
        state = state with { Reached = judged.Progress, RestsAt = null };
        return judged.Checkpoint
            ? JobCheckpoints.OnDue(state with { StoppedAt = judged.Stop ? judged.Progress.Step : state.StoppedAt })
            : (state, []);
    }

    // What waits for devices might do so for ever.
    private static (JobState, ImmutableArray<JobEffect>) AbandonWhenStopped(JobState state) => state is { Phase: JobPhase.Waiting, StopWanted: true }
        ? (state with { Phase = JobPhase.Over }, [new JobEffect.Abandon("while it waited for devices")])
        : (state, EndAfterStepIfWanted(state));

    private static (JobState, ImmutableArray<JobEffect>) OnStop(JobState state)
    {
        (state, var effects) = JobPauses.OnStopWanted(state);
        return effects.IsEmpty ? AbandonWhenStopped(state) : (state, effects);
    }

    private static (JobState, ImmutableArray<JobEffect>) OnMove(JobState state)
    {
        // A lease that is awaited takes what there is then.
        if (state.Phase is JobPhase.Leasing or JobPhase.Waiting)
            return (state, []);
        state = state with { MoveWanted = true };
        return state.RestsAt is not null ? JobPauses.Anew(state) : (state, EndAfterStepIfWanted(state));
    }

    /// <summary>Ends the generation when its stages are done and no checkpoint is missing: the job is over, or moves.</summary>
    private static (JobState, ImmutableArray<JobEffect>) EndWhenDone(JobState state)
    {
        var isDone = state.Phase == JobPhase.Ending || (state.Phase == JobPhase.Running && state.Finished.Count == state.Commits.Stages);
        if (!isDone)
            return (state, []);
        if (!state.IsLast(state.Reached.Step))
            return Lease(state, new JobEffect.Move());
        return state.Checkpoints.IsEmpty ? (state with { Phase = JobPhase.Finishing }, [new JobEffect.Finish()]) : (state, []);
    }

    private static (JobState, ImmutableArray<JobEffect>) OnFailed(JobState state, JobEvent.Failed failed) =>
        state.Restarts.Spend(failed.At, failed.Bound) is { } left
            ? (state with { Phase = JobPhase.Idle, Restarts = left, RestsAt = null, IsHeld = false }, [new JobEffect.GoBack(failed.Reason)])
            : (state with { Phase = JobPhase.Over }, [new JobEffect.GiveUp(failed.Reason)]);
}
