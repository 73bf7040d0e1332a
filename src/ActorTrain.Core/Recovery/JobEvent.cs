using System.Collections.Immutable;
using ActorTrain.Core.Generations;
using ActorTrain.Core.Settings;
using ActorTrain.Core.Training;

namespace ActorTrain.Core.Recovery;

/// <summary>What happens to a job.</summary>
internal abstract record JobEvent
{
    /// <summary>The job has been read and is right; it has so many steps.</summary>
    public sealed record Accepted(long Steps) : JobEvent;

    /// <summary>Fewer devices are free than the job needs.</summary>
    public sealed record DevicesMissing : JobEvent;

    /// <summary>
    /// A new generation begins with the nodes there are. <see cref="Leased"/> are those whose devices the job has; none when one
    /// of these is gone.
    /// </summary>
    public sealed record Begun(ImmutableArray<string> Nodes, ImmutableArray<string> Leased) : JobEvent;

    /// <summary>A node has promised a generation.</summary>
    public sealed record NodeFenced(Generation Generation, string Node, ImmutableArray<HeldSnapshots> Held) : JobEvent;

    /// <summary>A node is dead.</summary>
    public sealed record NodeLost(string Node) : JobEvent;

    /// <summary>Nodes that have not answered are not waited for any more.</summary>
    public sealed record FenceExpired : JobEvent;

    /// <summary>The run goes on from here; there is a plan.</summary>
    public sealed record Restored(TrainingProgress Progress) : JobEvent;

    /// <summary>So many stages are about to be built, and copies are kept of so many.</summary>
    public sealed record Planned(int Stages, int Keepers) : JobEvent;

    /// <summary>A stage is built.</summary>
    public sealed record StageInstalled(Generation Generation, int Stage) : JobEvent;

    /// <summary>Copies of a stage are taken from now on.</summary>
    public sealed record KeeperReady(Generation Generation, int Stage) : JobEvent;

    /// <summary>A step is judged: a checkpoint is made of it, or no step of this generation follows.</summary>
    public sealed record Judged(Generation Generation, TrainingProgress Progress, bool Checkpoint, bool Stop) : JobEvent;

    /// <summary>So many nodes have a stage's snapshot.</summary>
    public sealed record SnapshotHeld(Generation Generation, int Stage, long Step, int Nodes) : JobEvent;

    /// <summary>The layers of a step's checkpoint are together.</summary>
    public sealed record CheckpointGathered(Generation Generation, long Step) : JobEvent;

    /// <summary>A checkpoint is written, or the job goes on without.</summary>
    public sealed record CheckpointOver(long Step) : JobEvent;

    /// <summary>A stage has done all its steps.</summary>
    public sealed record StageFinished(Generation Generation, int Stage) : JobEvent;

    /// <summary>Somebody wants the job to end after the step that it is in.</summary>
    public sealed record StopWanted : JobEvent;

    /// <summary>Somebody wants the run to wait after the step that it is in.</summary>
    public sealed record PauseWanted : JobEvent;

    /// <summary>The run waits after a step.</summary>
    public sealed record Paused(Generation Generation, long Step) : JobEvent;

    /// <summary>Somebody wants the run to go on.</summary>
    public sealed record ResumeWanted : JobEvent;

    /// <summary>Somebody wants a checkpoint of the step that the run is in, or that it waits after.</summary>
    public sealed record CheckpointWanted : JobEvent;

    /// <summary>Somebody wants the run to go back to its newest snapshot.</summary>
    public sealed record RestartWanted : JobEvent;

    /// <summary>Other devices are better: one is about to leave, or more are there.</summary>
    public sealed record MoveWanted : JobEvent;

    /// <summary>Something failed at a time.</summary>
    public sealed record Failed(DateTimeOffset At, RecoverySettings Bound, string Reason) : JobEvent;
}
