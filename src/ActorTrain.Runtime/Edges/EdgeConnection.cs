using System.Net.Sockets;

namespace ActorTrain.Runtime.Edges;

/// <summary>A connection whose two sides know that they mean the same edge. Owns its socket; a flow takes it over.</summary>
internal sealed class EdgeConnection(EdgeId id, string peer, Socket socket, Stream stream) : IDisposable
{
    /// <summary>The edge.</summary>
    public EdgeId Id { get; } = id;

    /// <summary>The address of the other side.</summary>
    public string Peer { get; } = peer;

    /// <summary>What has passed so far.</summary>
    public EdgeTraffic Traffic => Meter.Traffic;

    internal EdgeMeter Meter { get; } = new();

    internal Socket Socket { get; } = socket;

    /// <summary>The socket's bytes, encrypted or as they are.</summary>
    internal Stream Stream { get; } = stream;

    /// <summary>Something about this edge that went wrong.</summary>
    internal EdgeException Error(string what, Exception? inner = null) => new(Id, Peer, what, inner);

    /// <summary>Closes the socket at once.</summary>
    public void Dispose()
    {
        Socket.Abort();
        Stream.Dispose();
    }
}
