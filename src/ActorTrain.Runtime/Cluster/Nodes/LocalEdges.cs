using ActorTrain.Runtime.Edges;
using ActorTrain.Runtime.Streams;
using Akka;
using Akka.Streams.Dsl;

namespace ActorTrain.Runtime.Cluster.Nodes;

/// <summary>Edges between stages of one node: the first stage that asks for its end makes both, the other takes what is left.</summary>
internal sealed class LocalEdges
{
    private readonly Lock _gate = new();
    private readonly Dictionary<EdgeId, Ends> _edges = [];

    /// <summary>The end of the upper stage.</summary>
    public Flow<DownMessage, UpMessage, NotUsed> TakeUpper(EdgeSpec spec) => Take(spec).Upper;

    /// <summary>The end of the lower stage.</summary>
    public Flow<UpMessage, DownMessage, NotUsed> TakeLower(EdgeSpec spec) => Take(spec).Lower;

    /// <summary>Forgets an edge whose other end nobody takes any more.</summary>
    public void Forget(EdgeId id)
    {
        lock (_gate)
            _edges.Remove(id);
    }

    private Ends Take(EdgeSpec spec)
    {
        lock (_gate)
        {
            if (_edges.Remove(spec.Id, out var edge))
                return edge;
            var (upper, lower) = LocalEdge.Create(spec);
            return _edges[spec.Id] = new Ends(upper, lower);
        }
    }

    private sealed record Ends(Flow<DownMessage, UpMessage, NotUsed> Upper, Flow<UpMessage, DownMessage, NotUsed> Lower);
}
