namespace ActorTrain.Runtime.Cluster.Nodes.Joining;

/// <summary>Finds nodes that may be of this node's cluster, itself among them.</summary>
/// <param name="Least">How many must see each other before one of them begins a cluster.</param>
/// <param name="FindAsync">Finds them, as <c>HOST:PORT</c>. Asked again and again, never twice at a time.</param>
public sealed record ContactSearch(int Least, Func<CancellationToken, Task<IReadOnlyCollection<string>>> FindAsync);
