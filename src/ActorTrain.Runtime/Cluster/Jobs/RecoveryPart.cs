using ActorTrain.Core.Training;

namespace ActorTrain.Runtime.Cluster.Jobs;

/// <summary>The parts of a recovery; see <see cref="RunReplanned"/>.</summary>
internal enum RecoveryPart
{
    /// <summary>Until it is known.</summary>
    Detection,

    /// <summary>Until nodes have promised.</summary>
    Fence,

    /// <summary>Until the plan is made.</summary>
    Plan,

    /// <summary>Until stages are built.</summary>
    Restore,

    /// <summary>Until a new step is judged.</summary>
    Replay,
}
