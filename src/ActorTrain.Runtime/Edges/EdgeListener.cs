using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace ActorTrain.Runtime.Edges;

/// <summary>
/// A node's data port: TCP, and a Unix-domain socket for processes of the same host. Lets in connections for the edges
/// that are expected, each once, and closes all others.
/// </summary>
internal sealed class EdgeListener : IDisposable
{
    private readonly EdgeListenerSettings _settings;
    private readonly ExpectedEdges _expected = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Socket> _sockets = [];
    private readonly string? _directory;
    private int _inHandshake;

    /// <summary>Starts to listen.</summary>
    /// <exception cref="SocketException">The port is taken, or the address is not this machine's.</exception>
    public EdgeListener(EdgeListenerSettings settings)
    {
        _settings = settings;
        var tcp = Listen(new Socket(settings.Bind.AddressFamily, SocketType.Stream, ProtocolType.Tcp), new IPEndPoint(settings.Bind, settings.Port));
        string? path = null;
        if (HostIdentity.Current is not null)
        {
            // Made with mode 0700: only this user reaches the socket.
            _directory = Directory.CreateTempSubdirectory("actortrain-edges-").FullName;
            path = Path.Combine(_directory, "edges");
            Listen(new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified), new UnixDomainSocketEndPoint(path));
        }

        EndPoint = new EdgeEndPoint(settings.Host, ((IPEndPoint)tcp.LocalEndPoint!).Port, path, HostIdentity.Current);
    }

    /// <summary>How this node's data port is reached.</summary>
    public EdgeEndPoint EndPoint { get; }

    /// <summary>Lets an edge in.</summary>
    /// <param name="id">The edge.</param>
    /// <param name="token">The secret that the other side has to know.</param>
    /// <param name="cancel">Withdraws it.</param>
    /// <returns>The connection, which the caller owns.</returns>
    /// <exception cref="InvalidOperationException">The edge is expected already.</exception>
    /// <exception cref="ObjectDisposedException">The listener ends first.</exception>
    public Task<EdgeConnection> Expect(EdgeId id, ReadOnlyMemory<byte> token, CancellationToken cancel) => _expected.Add(id, token, cancel);

    /// <summary>Stops listening. Connections that were let in stay.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        _expected.Dispose();
        foreach (var socket in _sockets)
            socket.Dispose();
        if (_directory is not null && Directory.Exists(_directory))
            Directory.Delete(_directory, recursive: true);
    }

    private Socket Listen(Socket socket, EndPoint address)
    {
        try
        {
            socket.Bind(address);
            socket.Listen();
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        _sockets.Add(socket);
        _ = AcceptAllAsync(socket);
        return socket;
    }

    private async Task AcceptAllAsync(Socket listening)
    {
        while (!_stop.IsCancellationRequested)
        {
            Socket socket;
            try
            {
                socket = await listening.AcceptAsync(_stop.Token).ConfigureAwait(false);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException e)
            {
                // The other side was gone before it was accepted, or descriptors ran out; others still come.
                _settings.Refused($"a connection was lost before it was accepted: {e.Message}");
                await Task.Delay(10).ConfigureAwait(false);
                continue;
            }

            Greet(socket);
        }
    }

    private void Greet(Socket socket)
    {
        var peer = Describe(socket);
        if (Interlocked.Increment(ref _inHandshake) > _settings.MaxHandshakes)
        {
            Refuse(socket, peer, $"{_settings.MaxHandshakes} connections are in their handshake already");
            return;
        }

        EdgeThread.Start($"handshake {peer}", () => Greet(socket, peer));
    }

    [SuppressMessage("Design", "CA1031", Justification = "Nothing that a stranger sends may end the process; it is logged.")]
    private void Greet(Socket socket, string peer)
    {
        using var deadline = new Deadline(socket);
        deadline.Set(_settings.HandshakeTime);
        try
        {
            if (IsProbe(socket) && !deadline.Passed)
            {
                socket.Abort();
                Interlocked.Decrement(ref _inHandshake);
                return;
            }

            var (connection, accepted) = Admit(socket, peer);
            deadline.Lift();
            if (deadline.Passed || !accepted.TrySetResult(connection))
                throw new OperationCanceledException("the edge is not expected any more");
            Interlocked.Decrement(ref _inHandshake);
        }
        catch (Exception e)
        {
            Refuse(socket, peer, deadline.Passed ? $"no handshake within {_settings.HandshakeTime.TotalSeconds:0.#} s" : e.Message);
        }
    }

    // Closed without a word: somebody who wanted to know whether this node is there. When time is up it looks the same.
    private static bool IsProbe(Socket socket)
    {
        Span<byte> first = stackalloc byte[1];
        return socket.Receive(first, SocketFlags.Peek) == 0;
    }

    private (EdgeConnection Connection, TaskCompletionSource<EdgeConnection> Accepted) Admit(Socket socket, string peer)
    {
        socket.PrepareForEdge();
        Stream stream = new NetworkStream(socket, ownsSocket: true);
        if (_settings.Tls is { } tls && socket.AddressFamily != AddressFamily.Unix)
            stream = tls.AsServer(stream);
        var handshake = EdgeGreeting.Receive(stream);
        var (id, token) = _expected.Find(handshake);
        EdgeGreeting.Send(stream, id, token.Span);

        // Only now, so that a peer that is gone before the answer may dial again.
        return (new EdgeConnection(id, peer, socket, stream), _expected.Take(id));
    }

    private void Refuse(Socket socket, string peer, string why)
    {
        socket.Abort();
        Interlocked.Decrement(ref _inHandshake);
        if (!_stop.IsCancellationRequested)
            _settings.Refused($"a connection from {peer} was closed: {why}");
    }

    private static string Describe(Socket socket)
    {
        try
        {
            return socket.AddressFamily == AddressFamily.Unix ? "this host" : $"{socket.RemoteEndPoint}";
        }
        catch (SocketException)
        {
            return "a peer that is gone";
        }
    }
}
