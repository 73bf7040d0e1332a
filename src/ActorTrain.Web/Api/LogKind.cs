namespace ActorTrain.Web.Api;

/// <summary>What a line of a job's log is about.</summary>
internal enum LogKind
{
    /// <summary>Anything else.</summary>
    Note,

    /// <summary>Something broke: a node, a device, a stage; or the job failed.</summary>
    Failure,

    /// <summary>The run goes on after a failure, and computes what it had not before.</summary>
    Recovered,

    /// <summary>The run moves to other devices, could, or has.</summary>
    Move,

    /// <summary>A generation has begun.</summary>
    Plan,

    /// <summary>A checkpoint is written.</summary>
    Checkpoint,

    /// <summary>The run waits for devices or nodes.</summary>
    Waiting,

    /// <summary>What the loss of a node would cost.</summary>
    Promise,
}
