using System.Collections.Frozen;

namespace ActorTrain.Core.Settings;

/// <summary>Reads and checks the section <c>actortrain.node.http</c>.</summary>
internal static class HttpReader
{
    // A token of one kind of hexadecimal digit still has 64 bits at this length.
    private const int LeastTokenLength = 16;

    // Those of a header's value that need no quoting, so that a token is pasted as it is.
    private static readonly FrozenSet<char> TokenLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/=".ToFrozenSet();

    /// <summary>Reads the section.</summary>
    /// <param name="http">The section with its defaults.</param>
    /// <returns>Null when it is switched off.</returns>
    /// <exception cref="SettingsException">A setting is wrong, or strangers could reach the endpoint without a token.</exception>
    public static HttpSettings? Read(SettingsReader http)
    {
        var enabled = http.Flag("enabled");
        var settings = new HttpSettings(ReadHost(http, "host"), http.Integer("port", 0, ushort.MaxValue), ReadToken(http, "token"));
        if (enabled && settings is { IsLoopback: false, Token: null })
            throw http.Error("host", $"'{settings.Host}' lets other machines in, and {http.Path}.token is empty; a token beside it, or host = \"127.0.0.1\", is right");
        http.RejectUnknown();
        return enabled ? settings : null;
    }

    private static string ReadHost(SettingsReader http, string key) => http.Text(key) is var host && HostPort.IsHost(host)
        ? host
        : throw http.Error(key, $"'{http.Text(key)}' is not a host; a name or an address, without a port, is right");

    // The message must not repeat the token, for it ends in logs.
    private static string? ReadToken(SettingsReader http, string key) => http.Text(key) switch
    {
        "" => null,
        { Length: < LeastTokenLength } => throw http.Error(key, $"is too short to be secret; {LeastTokenLength} characters at least are right, such as from: openssl rand -hex 32"),
        var token when token.All(TokenLetters.Contains) => token,
        _ => throw http.Error(key, "has characters that do not fit a header; letters, digits and -._~+/= are right"),
    };
}
