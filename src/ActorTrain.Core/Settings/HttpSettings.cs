namespace ActorTrain.Core.Settings;

/// <summary>The HTTP endpoint of a node (<c>actortrain.node.http</c>): its dashboard, and what programs ask.</summary>
/// <param name="Host">The name or address that it listens on.</param>
/// <param name="Port">The port; 0 for any that is free.</param>
/// <param name="Token">What requests have to show, or null where it is reached from this machine only. Never printed.</param>
public sealed record HttpSettings(string Host, int Port, string? Token)
{
    /// <summary>Whether only this machine reaches it.</summary>
    public bool IsLoopback => HostPort.IsLoopback(Host);

    /// <inheritdoc/>
    public override string ToString() => $"http://{HostPort.Bracketed(Host)}:{Port}{(Token is null ? "" : ", with a token")}";
}
