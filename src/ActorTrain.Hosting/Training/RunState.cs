using ActorTrain.Core.Training;

namespace ActorTrain.Hosting;

/// <summary>How a run stands, put together from its events.</summary>
/// <param name="Step">The last step done.</param>
/// <param name="Checkpoint">The last checkpoint on disk, or null.</param>
/// <param name="PausedAt">The step that the run waits after, or null.</param>
internal sealed record RunState(long Step, CheckpointWritten? Checkpoint, long? PausedAt)
{
    /// <summary>Before the first event.</summary>
    public static RunState Start { get; } = new(0, null, null);

    /// <summary>Whether the run waits, and what it waits with is on disk.</summary>
    public bool IsPaused => PausedAt is not null && Checkpoint?.Step == PausedAt;

    /// <summary>The state after an event.</summary>
    public RunState After(TrainingEvent happened) => happened switch
    {
        StepCompleted step => this with { Step = step.Step },
        CheckpointWritten checkpoint => this with { Checkpoint = checkpoint },
        RunPaused paused => this with { PausedAt = paused.Step },
        RunResumed => this with { PausedAt = null },
        _ => this,
    };
}
