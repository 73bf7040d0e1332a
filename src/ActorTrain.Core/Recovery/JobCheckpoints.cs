using System.Collections.Immutable;
using ActorTrain.Core.Training;

namespace ActorTrain.Core.Recovery;

/// <summary>
/// Decides about a job's checkpoints, as a part of <see cref="JobMachine"/>: of which steps they are made, when their layers
/// are fetched, and which snapshots have to stay until then.
/// </summary>
internal static class JobCheckpoints
{
    /// <summary>What is left of checkpoints when a generation begins: layers that were on their way have to be fetched again.</summary>
    public static ImmutableSortedDictionary<long, PendingCheckpoint> BeforeFence(ImmutableSortedDictionary<long, PendingCheckpoint> checkpoints) =>
        checkpoints.ToImmutableSortedDictionary(
            c => c.Key, c => c.Value.Phase == CheckpointPhase.Writing ? c.Value : c.Value with { Phase = CheckpointPhase.Due });

    /// <summary>
    /// The run goes on from a step. Checkpoints of later steps come again; those of earlier ones are made of what nodes still
    /// have. When no step is left to do, the checkpoint of the last one is all that may be missing.
    /// </summary>
    public static (JobState State, ImmutableArray<JobEffect> Effects) OnRestored(JobState state)
    {
        var (reached, isLast) = (state.Reached, state.IsLast(state.Reached.Step));
        state = state with
        {
            Checkpoints = state.Checkpoints.RemoveRange(
                state.Checkpoints.Values.Where(c => c.Phase == CheckpointPhase.Due && c.Progress.Step > reached.Step).Select(c => c.Progress.Step)),
        };
        if (isLast && !state.Checkpoints.ContainsKey(reached.Step))
            state = With(state, reached, CheckpointPhase.Due);
        var effects = ImmutableArray.CreateBuilder<JobEffect>();
        foreach (var due in state.Checkpoints.Values.Where(c => c.Phase == CheckpointPhase.Due))
        {
            state = With(state, due.Progress, CheckpointPhase.Gathering);
            effects.Add(new JobEffect.Gather(due.Progress));
        }

        if (!isLast)
            effects.Add(new JobEffect.Build());
        return (isLast ? state with { Phase = JobPhase.Ending } : state, effects.ToImmutable());
    }

    /// <summary>A checkpoint is to be made of the step that is reached. Its snapshots may be there before this is known.</summary>
    public static (JobState State, ImmutableArray<JobEffect> Effects) OnDue(JobState state) =>
        state.Checkpoints.ContainsKey(state.Reached.Step)
            ? (state, [])
            : GatherWhenHeld(With(state, state.Reached, CheckpointPhase.Due), state.Reached.Step);

    /// <summary>Somebody wants a checkpoint. Stages that are held back make none, but what they were restored from is still there.</summary>
    public static (JobState State, ImmutableArray<JobEffect> Effects) OnWanted(JobState state)
    {
        if (!state.IsHeld)
            return (state, state.RestsAt is null ? [new JobEffect.AskForCheckpoint()] : []);
        return state.Checkpoints.ContainsKey(state.Reached.Step)
            ? (state, [])
            : (With(state, state.Reached, CheckpointPhase.Gathering), [new JobEffect.Gather(state.Reached)]);
    }

    /// <summary>Nodes have a stage's snapshot: a step may be safe by that, or a checkpoint's layers be there.</summary>
    public static (JobState State, ImmutableArray<JobEffect> Effects) OnHeld(JobState state, JobEvent.SnapshotHeld held)
    {
        var commits = state.Commits.Add(held.Step, held.Stage, held.Nodes);
        ImmutableArray<JobEffect> commit = commits.Committed > state.Commits.Committed
            ? [new JobEffect.Commit(commits.Committed, !Needs(state, commits.Committed))]
            : [];
        (state, var gather) = GatherWhenHeld(state with { Commits = commits }, held.Step);
        return (state, [.. commit, .. gather]);
    }

    /// <summary>The layers of a checkpoint are together.</summary>
    public static (JobState State, ImmutableArray<JobEffect> Effects) OnGathered(JobState state, long step) =>
        state.Checkpoints.GetValueOrDefault(step) is { Phase: CheckpointPhase.Gathering } pending
            ? (With(state, pending.Progress, CheckpointPhase.Writing), [new JobEffect.Write(step)])
            : (state, []);

    private static bool Needs(JobState state, long before) =>
        state.Checkpoints.Values.Any(c => c.Phase != CheckpointPhase.Writing && c.Progress.Step < before);

    private static (JobState State, ImmutableArray<JobEffect> Effects) GatherWhenHeld(JobState state, long step) =>
        state.Checkpoints.GetValueOrDefault(step) is { Phase: CheckpointPhase.Due } due && state.Commits.IsHeld(step)
            ? (With(state, due.Progress, CheckpointPhase.Gathering), [new JobEffect.Gather(due.Progress)])
            : (state, []);

    private static JobState With(JobState state, TrainingProgress progress, CheckpointPhase phase) =>
        state with { Checkpoints = state.Checkpoints.SetItem(progress.Step, new PendingCheckpoint(progress, phase)) };
}
