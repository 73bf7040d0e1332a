namespace ActorTrain.Web.Feeds;

/// <summary>What a job does.</summary>
internal enum JobState
{
    /// <summary>It waits for devices, or is being installed for the first time.</summary>
    Starting,

    /// <summary>It waits for devices or nodes.</summary>
    Waiting,

    /// <summary>It trains.</summary>
    Running,

    /// <summary>Something broke, and it is set back to the last state that is safe.</summary>
    Recovering,

    /// <summary>It computes again what it had computed before it was set back.</summary>
    Replaying,

    /// <summary>It did all its steps.</summary>
    Done,

    /// <summary>It was stopped before its last step.</summary>
    Stopped,

    /// <summary>It failed.</summary>
    Failed,
}
