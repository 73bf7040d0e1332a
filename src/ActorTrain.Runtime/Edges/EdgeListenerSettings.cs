using System.Net;

namespace ActorTrain.Runtime.Edges;

/// <summary>How a node listens for edges.</summary>
internal sealed record EdgeListenerSettings
{
    /// <summary>The name or address that other nodes reach this one by.</summary>
    public required string Host { get; init; }

    /// <summary>The address to listen on.</summary>
    public required IPAddress Bind { get; init; }

    /// <summary>The port; 0 for any that is free.</summary>
    public int Port { get; init; }

    /// <summary>Encrypts TCP, or null.</summary>
    public EdgeTls? Tls { get; init; }

    /// <summary>How long a connection may take to say which edge it is for.</summary>
    public TimeSpan HandshakeTime { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Connections that may be in their handshake at a time; more are closed.</summary>
    public int MaxHandshakes { get; init; } = 64;

    /// <summary>Is told of each connection that is not let in, with the reason; from any thread.</summary>
    public required Action<string> Refused { get; init; }
}
