namespace ActorTrain.Runtime.Cluster.Clients;

/// <summary>A cluster does not take a job.</summary>
/// <param name="reason">Why, and what would be right.</param>
/// <param name="isUsage">Whether the job itself is wrong, rather than the cluster's state.</param>
public sealed class JobRefusedException(string reason, bool isUsage) : Exception(reason)
{
    /// <summary>Whether the job itself is wrong.</summary>
    public bool IsUsage { get; } = isUsage;
}
