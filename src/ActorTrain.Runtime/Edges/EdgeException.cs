namespace ActorTrain.Runtime.Edges;

/// <summary>An edge could not be made, or broke; it says which edge, who was on the other side, and what happened.</summary>
internal sealed class EdgeException(EdgeId edge, string peer, string what, Exception? inner = null)
    : Exception($"{edge} with {peer}: {what}", inner)
{
    /// <summary>The edge.</summary>
    public EdgeId Edge { get; } = edge;

    /// <summary>The address of the other side.</summary>
    public string Peer { get; } = peer;
}
