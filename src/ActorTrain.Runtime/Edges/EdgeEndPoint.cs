namespace ActorTrain.Runtime.Edges;

/// <summary>How a node's data port is reached.</summary>
/// <param name="Host">The name or address for TCP.</param>
/// <param name="Port">The TCP port.</param>
/// <param name="UnixPath">The Unix-domain socket for processes of the same host, or null.</param>
/// <param name="HostId">The host's <see cref="HostIdentity"/>, or null.</param>
internal sealed record EdgeEndPoint(string Host, int Port, string? UnixPath, string? HostId)
{
    /// <summary>Whether a process with this identity reaches the Unix-domain socket.</summary>
    public bool IsLocalTo(string? hostId) => UnixPath is not null && HostId is not null && HostId == hostId;

    public override string ToString() => $"{Host}:{Port}";
}
