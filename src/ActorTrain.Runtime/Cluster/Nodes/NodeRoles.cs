namespace ActorTrain.Runtime.Cluster.Nodes;

/// <summary>The roles that a node may have in the cluster.</summary>
internal static class NodeRoles
{
    /// <summary>Offers devices.</summary>
    public const string Worker = "worker";

    /// <summary>May carry the job supervisor.</summary>
    public const string Supervisor = "supervisor";
}
