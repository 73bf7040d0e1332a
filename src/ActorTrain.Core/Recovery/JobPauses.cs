using System.Collections.Immutable;

namespace ActorTrain.Core.Recovery;

/// <summary>
/// Decides about pauses, as a part of <see cref="JobMachine"/>. A run that is to wait does so after a step, with its stages in
/// place; when a new generation begins meanwhile, its stages are built and held back.
/// </summary>
internal static class JobPauses
{
    /// <summary>The run is to wait after the step that it is in.</summary>
    public static (JobState State, ImmutableArray<JobEffect> Effects) OnWanted(JobState state) => state.StopWanted || state.PauseWanted
        ? (state, [])
        : (state with { PauseWanted = true }, state.Phase == JobPhase.Running ? [new JobEffect.Pause()] : []);

    /// <summary>
    /// The run waits after a step. It may have been asked to go on since, or to end, which it has not heard in time then.
    /// </summary>
    public static (JobState State, ImmutableArray<JobEffect> Effects) OnPaused(JobState state, long step) => state switch
    {
        { StopWanted: true } => Anew(state with { StoppedAt = step }),
        { MoveWanted: true } => Anew(state),
        _ => (state with { RestsAt = state.PauseWanted ? step : null }, []),
    };

    /// <summary>The run is to go on.</summary>
    public static (JobState State, ImmutableArray<JobEffect> Effects) OnResumeWanted(JobState state)
    {
        var (isHeld, isRunning) = (state.IsHeld, state.Phase == JobPhase.Running);
        state = state with { PauseWanted = false, RestsAt = null, IsHeld = false };
        return (state, isHeld ? [new JobEffect.Start()] : isRunning ? [new JobEffect.Resume()] : []);
    }

    /// <summary>All stages are there, and the run is to wait: what is wanted at the end of a step can be had at once.</summary>
    public static (JobState State, ImmutableArray<JobEffect> Effects) Hold(JobState state) => state.MoveWanted
        ? Anew(state)
        : (state with { Phase = JobPhase.Running, RestsAt = state.Reached.Step, IsHeld = true }, [new JobEffect.Hold()]);

    /// <summary>
    /// Somebody wants the job to end. A run that waits has the state that it is to end with, so no step is done any more: a new
    /// generation saves it and ends.
    /// </summary>
    public static (JobState State, ImmutableArray<JobEffect> Effects) OnStopWanted(JobState state)
    {
        state = state with { StopWanted = true, PauseWanted = false, StoppedAt = state.RestsAt ?? state.StoppedAt };
        return state.RestsAt switch
        {
            null => (state, []),
            0 => (state with { Phase = JobPhase.Over }, [new JobEffect.Abandon("before its first step")]),
            _ => Anew(state),
        };
    }

    /// <summary>Begins a new generation because somebody wants it.</summary>
    public static (JobState State, ImmutableArray<JobEffect> Effects) Anew(JobState state) =>
        (state with { Phase = JobPhase.Idle, RestsAt = null, IsHeld = false }, [new JobEffect.Anew()]);
}
