namespace ActorTrain.Runtime.Cluster.Nodes;

/// <summary>The roles that a node may have in the cluster.</summary>
internal static class NodeRoles
{
    /// <summary>Offers devices.</summary>
    public const string Worker = "worker";

    /// <summary>Counts when the network splits: every node but the processes of another's devices, which fall with it.</summary>
    public const string Host = "host";

    /// <summary>May carry the job supervisor.</summary>
    public const string Supervisor = "supervisor";
}
