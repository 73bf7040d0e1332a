namespace ActorTrain.Runtime.Edges;

/// <summary>What an edge's link tells its stream stage.</summary>
internal abstract record LinkEvent<T>
{
    /// <summary>A message has come; the receiver owns it.</summary>
    public sealed record Arrived(T Message) : LinkEvent<T>;

    /// <summary>The other side takes so many messages more.</summary>
    public sealed record Granted(int Messages) : LinkEvent<T>;

    /// <summary>The other side sends no more messages.</summary>
    public sealed record Finished : LinkEvent<T>;

    /// <summary>The edge is broken; nothing follows.</summary>
    public sealed record Broken(EdgeException Cause) : LinkEvent<T>;
}
