namespace ActorTrain.Core.Failpoints;

/// <summary>What a process is for a job when it comes to a <see cref="Failpoint"/>.</summary>
public enum FailpointRole
{
    /// <summary>Neither of the others.</summary>
    Bystander,

    /// <summary>It has a stage.</summary>
    Worker,

    /// <summary>It keeps copies of another's snapshots, and has no stage.</summary>
    Buddy,

    /// <summary>It carries the job supervisor.</summary>
    Supervisor,
}
