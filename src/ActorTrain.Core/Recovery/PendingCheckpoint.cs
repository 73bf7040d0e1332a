using ActorTrain.Core.Training;

namespace ActorTrain.Core.Recovery;

/// <summary>How far a checkpoint is.</summary>
internal enum CheckpointPhase
{
    /// <summary>It waits until every stage has its snapshot of the step in memory.</summary>
    Due,

    /// <summary>Its layers are on their way to the supervisor's node.</summary>
    Gathering,

    /// <summary>It is being written; what happens to nodes does not matter any more.</summary>
    Writing,
}

/// <summary>A checkpoint that is not on disk yet.</summary>
/// <param name="Progress">How far the run was.</param>
/// <param name="Phase">How far the checkpoint is.</param>
internal sealed record PendingCheckpoint(TrainingProgress Progress, CheckpointPhase Phase);
