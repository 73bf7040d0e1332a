using ActorTrain.Wire.Frames;

namespace ActorTrain.Runtime.Edges;

/// <summary>
/// What a link's writer has to do, and how far both directions are: open, finished or broken. Thread-safe; only
/// <see cref="Take"/> waits.
/// </summary>
internal sealed class LinkQueue<T>
    where T : IDisposable
{
    private readonly object _gate = new();
    private readonly Queue<T> _messages = new();
    private int _credits;
    private Close? _close;
    private bool _closeTaken;
    private bool _broken;
    private bool _remoteFinished;

    /// <summary>One thing to write.</summary>
    public readonly record struct Item(T? Message, int Credit, Close? Close);

    /// <summary>Why sending failed, if it did.</summary>
    public EdgeException? SendingError { get; private set; }

    /// <summary>Whether nothing is to be written at present.</summary>
    public bool IsEmpty
    {
        get
        {
            lock (_gate)
                return Next() is null;
        }
    }

    /// <summary>Whether the edge broke.</summary>
    public bool IsBroken
    {
        get
        {
            lock (_gate)
                return _broken;
        }
    }

    /// <summary>Whether the other side has finished.</summary>
    public bool IsRemoteFinished
    {
        get
        {
            lock (_gate)
                return _remoteFinished;
        }
    }

    /// <summary>Whether both directions have finished, or the edge broke: the connection may end now.</summary>
    public bool IsOver
    {
        get
        {
            lock (_gate)
                return _broken || (_remoteFinished && _close is not null);
        }
    }

    /// <summary>Adds a message, or frees it when the edge is broken.</summary>
    public void Add(T message)
    {
        lock (_gate)
        {
            if (!_broken)
            {
                _messages.Enqueue(message);
                Monitor.Pulse(_gate);
                return;
            }
        }

        message.Dispose();
    }

    /// <summary>Adds credit for the other side; several become one frame.</summary>
    public void AddCredit(int messages)
    {
        lock (_gate)
        {
            _credits += messages;
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Nothing follows the messages that wait.</summary>
    public void Finish()
    {
        lock (_gate)
        {
            _close ??= Goodbyes.Completed;
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>The other side has finished.</summary>
    public void RemoteFinished()
    {
        lock (_gate)
        {
            _remoteFinished = true;
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Sending failed: nothing more is written.</summary>
    public void SendingFailed(EdgeException error)
    {
        lock (_gate)
        {
            SendingError = error;
            Clear();
        }
    }

    /// <summary>Frees what waits; the answer is written next, and nothing after it.</summary>
    /// <param name="answer">What the other side is told, or null for nothing.</param>
    /// <param name="unlessFinished">Whether to leave alone an edge whose both directions have finished.</param>
    /// <returns>Whether that was so; false if the edge was broken before, or has finished.</returns>
    public bool Break(Close? answer, bool unlessFinished)
    {
        lock (_gate)
        {
            if (_broken || (unlessFinished && _remoteFinished && _close is not null))
                return false;
            (_broken, _close, _closeTaken) = (true, answer, answer is null);
            Clear();
            Monitor.Pulse(_gate);
            return true;
        }
    }

    /// <summary>Waits for the next thing to write; null when nothing follows.</summary>
    public Item? Take()
    {
        lock (_gate)
        {
            while (true)
            {
                if (Next() is { } item)
                {
                    Remove(item);
                    return item;
                }

                if (_closeTaken && (_broken || _remoteFinished))
                    return null;
                Monitor.Wait(_gate);
            }
        }
    }

    // Credit may follow the last message: the other direction is still open then.
    private Item? Next()
    {
        if (_credits > 0 && !_broken && !_remoteFinished)
            return new Item(default, _credits, null);
        if (_messages.TryPeek(out var message))
            return new Item(message, 0, null);
        return _close is not null && !_closeTaken ? new Item(default, 0, _close) : null;
    }

    private void Remove(Item item)
    {
        if (item.Credit > 0)
            _credits = 0;
        else if (item.Close is not null)
            _closeTaken = true;
        else
            _messages.Dequeue();
    }

    private void Clear()
    {
        while (_messages.TryDequeue(out var message))
            message.Dispose();
    }
}
