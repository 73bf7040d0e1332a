namespace ActorTrain.Hosting;

/// <summary>Whether a run goes on from the last checkpoint of its job's latest run.</summary>
public enum ResumeMode
{
    /// <summary>It begins anew, in a run directory of its own.</summary>
    Never,

    /// <summary>It goes on; without a checkpoint it fails.</summary>
    Always,

    /// <summary>It goes on where there is a checkpoint, and begins anew where there is none: right for a host that trains whenever it runs.</summary>
    IfPossible,
}
