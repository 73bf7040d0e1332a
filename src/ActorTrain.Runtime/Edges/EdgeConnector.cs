using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using ActorTrain.Wire.Frames;

namespace ActorTrain.Runtime.Edges;

/// <summary>Dials the other end of an edge.</summary>
internal static class EdgeConnector
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Connects, by Unix-domain socket when the node is on this host, otherwise by TCP. Tries once.</summary>
    /// <param name="to">The node.</param>
    /// <param name="id">The edge that it expects.</param>
    /// <param name="token">The secret of the edge.</param>
    /// <param name="tls">Encrypts TCP, or null.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="EdgeException">Refused, no answer within 10 s, or the wrong answer.</exception>
    public static Task<EdgeConnection> ConnectAsync(EdgeEndPoint to, EdgeId id, ReadOnlyMemory<byte> token, EdgeTls? tls, CancellationToken cancel) =>
        ConnectAsync(to, id, token, tls, Patience, cancel);

    /// <summary>Connects with another patience than 10 s.</summary>
    internal static async Task<EdgeConnection> ConnectAsync(
        EdgeEndPoint to, EdgeId id, ReadOnlyMemory<byte> token, EdgeTls? tls, TimeSpan patience, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        var (socket, address) = await OpenAsync(to, cancel).ConfigureAwait(false);
        using var deadline = new Deadline(socket);
        deadline.Set(patience);
        using var cancelled = cancel.Register(socket.Abort);
        try
        {
            // A socket that has once been used asynchronously stays non-blocking beneath, and then every read of a frame
            // would wait for another thread to wake it.
            var connection = await EdgeThread.RunAsync($"dial {to}", () => Connect(socket, address, id, token.Span, tls)).ConfigureAwait(false);
            deadline.Lift();
            if (!deadline.Passed && !cancel.IsCancellationRequested)
                return connection;
            connection.Dispose();
            throw new IOException("the connection was closed while it was made");
        }
        catch (Exception e)
        {
            socket.Abort();
            cancel.ThrowIfCancellationRequested();
            throw e switch
            {
                EdgeException => e,
                _ when deadline.Passed => new EdgeException(id, $"{address}", $"no answer within {patience.TotalSeconds:0.#} s", e),
                EndOfStreamException => new EdgeException(
                    id, $"{address}", "it closed the connection during the handshake: it does not expect this edge with this token; its log says why", e),
                FrameException or AuthenticationException or IOException or SocketException => new EdgeException(id, $"{address}", e.Message, e),
                _ => e,
            };
        }
    }

    private static async Task<(Socket Socket, EndPoint Address)> OpenAsync(EdgeEndPoint to, CancellationToken cancel)
    {
        if (to.IsLocalTo(HostIdentity.Current))
            return (new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified), new UnixDomainSocketEndPoint(to.UnixPath!));
        var addresses = await Dns.GetHostAddressesAsync(to.Host, cancel).ConfigureAwait(false);
        return (new Socket(addresses[0].AddressFamily, SocketType.Stream, ProtocolType.Tcp), new IPEndPoint(addresses[0], to.Port));
    }

    private static EdgeConnection Connect(Socket socket, EndPoint address, EdgeId id, ReadOnlySpan<byte> token, EdgeTls? tls)
    {
        socket.Connect(address);
        socket.PrepareForEdge();
        Stream stream = new NetworkStream(socket, ownsSocket: true);
        if (tls is not null && address is IPEndPoint)
            stream = tls.AsClient(stream);
        EdgeGreeting.Send(stream, id, token);
        var answer = EdgeGreeting.Receive(stream);
        if (!answer.HasToken(token) || new EdgeId(answer.Job, answer.Generation, answer.Edge) != id)
            throw new EdgeException(id, $"{address}", "the answer is for another edge or has another token");
        return new EdgeConnection(id, $"{address}", socket, stream);
    }
}
