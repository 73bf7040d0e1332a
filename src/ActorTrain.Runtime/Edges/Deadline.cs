using System.Net.Sockets;

namespace ActorTrain.Runtime.Edges;

/// <summary>
/// Bounds blocking calls on a socket, which no other time-out reaches when the other side sends a byte now and then:
/// when time is up, the socket is closed and the call fails.
/// </summary>
internal sealed class Deadline : IDisposable
{
    private readonly Socket _socket;
    private readonly Timer _timer;
    private bool _armed;
    private bool _disposed;

    public Deadline(Socket socket)
    {
        _socket = socket;
        _timer = new Timer(_ => OnTime());
    }

    /// <summary>Whether time was up.</summary>
    public bool Passed { get; private set; }

    /// <summary>Starts, or starts again.</summary>
    public void Set(TimeSpan time) => Change(true, time);

    /// <summary>Stops.</summary>
    public void Lift()
    {
        // Whoever lifts it has set it, so this is never out of date; most frames need no deadline.
        if (_armed)
            Change(false, Timeout.InfiniteTimeSpan);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_timer)
        {
            (_armed, _disposed) = (false, true);
            _timer.Dispose();
        }
    }

    private void Change(bool armed, TimeSpan time)
    {
        lock (_timer)
        {
            if (_disposed)
                return;
            _armed = armed;
            _timer.Change(time, Timeout.InfiniteTimeSpan);
        }
    }

    private void OnTime()
    {
        lock (_timer)
        {
            if (!_armed)
                return;
            Passed = true;
        }

        _socket.Abort();
    }
}
