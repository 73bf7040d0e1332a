using System.Globalization;
using System.Net;

namespace ActorTrain.Core.Settings;

/// <summary>Where a node is reached: <c>HOST:PORT</c>, an IPv6 address in brackets.</summary>
/// <param name="Host">A host's name or address, without brackets.</param>
/// <param name="Port">The port, from 1 to 65535.</param>
public readonly record struct HostPort(string Host, int Port)
{
    /// <summary>Reads a place.</summary>
    /// <param name="text">Such as <c>10.0.0.1:4053</c> or <c>[::1]:4053</c>.</param>
    /// <param name="place">The place.</param>
    /// <returns>False when the text is not <c>HOST:PORT</c>; whether the host exists is not looked at.</returns>
    public static bool TryParse(string text, out HostPort place)
    {
        place = default;
        var colon = text.LastIndexOf(':');
        if (colon < 0 || !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port))
            return false;
        var host = text[..colon];
        var bracketed = host is ['[', .., ']'];
        if (bracketed)
            host = host[1..^1];
        place = new HostPort(host, port);
        return port is > 0 and <= ushort.MaxValue && IsHost(host) && bracketed == host.Contains(':');
    }

    /// <inheritdoc/>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Bracketed(Host)}:{Port}");

    /// <summary>Whether a text can be a host's name or address, without brackets.</summary>
    internal static bool IsHost(string text) => !text.StartsWith('[') && Uri.CheckHostName(text) != UriHostNameType.Unknown;

    /// <summary>A host as it stands before a port.</summary>
    internal static string Bracketed(string host) => host.Contains(':') ? $"[{host}]" : host;

    /// <summary>Whether a host is this machine, reached by no other.</summary>
    internal static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
