namespace ActorTrain.Runtime.Edges;

/// <summary>One end of an edge within a process: messages pass by reference.</summary>
internal sealed class LocalLink<TOut, TIn>(EdgeId id, bool givesCredit) : IEdgeLink<TOut, TIn>
{
    private readonly object _gate = new();
    private readonly Queue<LinkEvent<TIn>> _early = new();
    private LocalLink<TIn, TOut>? _peer;
    private Action<LinkEvent<TIn>>? _receive;
    private volatile bool _finished;
    private int _stopped;

    public EdgeMeter Meter { get; } = new();

    /// <summary>Joins two ends.</summary>
    public static void Join(LocalLink<TOut, TIn> one, LocalLink<TIn, TOut> other) => (one._peer, other._peer) = (other, one);

    public void Start(Action<LinkEvent<TIn>> receive)
    {
        lock (_gate)
        {
            if (_receive is not null)
                throw new InvalidOperationException($"the flow of {id} has been materialised already");
            while (_early.TryDequeue(out var happened))
                receive(happened);
            _receive = receive;
        }
    }

    public void Send(TOut message) => _peer!.Deliver(new LinkEvent<TOut>.Arrived(message));

    public void Grant(int messages)
    {
        if (givesCredit)
            _peer!.Deliver(new LinkEvent<TOut>.Granted(messages));
    }

    public void Finish()
    {
        _finished = true;
        _peer!.Deliver(new LinkEvent<TOut>.Finished());
    }

    public void Stop(string reason)
    {
        if (Interlocked.Exchange(ref _stopped, 1) == 0 && !(_finished && _peer!._finished))
            _peer!.Deliver(new LinkEvent<TOut>.Broken(Error($"the other side failed: {reason}")));
    }

    public EdgeException Error(string what) => new(id, "this process", what);

    private void Deliver(LinkEvent<TIn> happened)
    {
        lock (_gate)
        {
            if (_receive is null)
            {
                _early.Enqueue(happened);
                return;
            }
        }

        // Outside of the lock: a turn of the stream may run here and call the other end.
        _receive(happened);
    }
}
