namespace ActorTrain.Runtime.Edges;

/// <summary>
/// One end of an edge beneath its stream stage. No call blocks. What happens is told to the receiver, on any thread and in
/// order.
/// </summary>
internal interface IEdgeLink<TOut, TIn>
{
    /// <summary>Counts what passes.</summary>
    EdgeMeter Meter { get; }

    /// <summary>Begins; once.</summary>
    /// <param name="receive">Is told what happens; returns at once.</param>
    /// <exception cref="InvalidOperationException">It has begun already.</exception>
    void Start(Action<LinkEvent<TIn>> receive);

    /// <summary>Takes a message over and sends it.</summary>
    void Send(TOut message);

    /// <summary>Lets the other side send so many messages more.</summary>
    void Grant(int messages);

    /// <summary>No message follows those that were sent.</summary>
    void Finish();

    /// <summary>The stream stage has ended. If both sides have finished, what was sent still arrives; otherwise the edge breaks.</summary>
    /// <param name="reason">Why, if they have not; the other side is told.</param>
    void Stop(string reason);

    /// <summary>Something about this edge that went wrong.</summary>
    EdgeException Error(string what);
}
