namespace ActorTrain.Runtime.Cluster.Clients;

/// <summary>A cluster does not take a job, or a command.</summary>
/// <param name="reason">Why, and what would be right.</param>
/// <param name="isUsage">Whether the job or command itself is wrong, rather than the cluster's state.</param>
public sealed class JobRefusedException(string reason, bool isUsage) : Exception(reason)
{
    /// <summary>Whether the job or command itself is wrong.</summary>
    public bool IsUsage { get; } = isUsage;
}
