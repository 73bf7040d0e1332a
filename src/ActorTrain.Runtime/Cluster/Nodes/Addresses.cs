using ActorTrain.Core.Settings;
using Akka.Actor;

namespace ActorTrain.Runtime.Cluster.Nodes;

/// <summary>Addresses as people and ids write them.</summary>
internal static class Addresses
{
    /// <summary>An address as <c>HOST:PORT</c>.</summary>
    public static string HostAndPort(this Address address) =>
        new HostPort(address.Host, address.Port ?? 0).ToString();

    /// <summary>Reads <c>HOST:PORT</c> as the address of a node.</summary>
    /// <param name="text">The text.</param>
    /// <param name="tls">Whether the cluster has TLS, which Akka tells by the protocol's name.</param>
    /// <exception cref="FormatException">It is not that.</exception>
    public static Address Parse(string text, bool tls)
    {
        return HostPort.TryParse(text, out var place)
            ? new Address(tls ? "akka.ssl.tcp" : "akka.tcp", NodeHost.SystemName, place.Host, place.Port)
            : throw new FormatException($"'{text}' is not HOST:PORT, such as 10.0.0.1:4053");
    }
}
