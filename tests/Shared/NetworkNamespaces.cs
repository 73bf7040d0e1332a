using System.Diagnostics;
using System.Globalization;

namespace ActorTrain.Tests.Shared;

/// <summary>
/// Several hosts on one machine: network namespaces with addresses of their own on one bridge, each with a bandwidth for
/// what it sends. Needs root and iproute2.
/// </summary>
internal sealed class NetworkNamespaces : IDisposable
{
    private readonly string _prefix = string.Create(CultureInfo.InvariantCulture, $"at{Environment.ProcessId}");
    private readonly List<string> _names = [];

    private NetworkNamespaces()
    {
    }

    /// <summary>Makes hosts.</summary>
    /// <param name="count">How many.</param>
    /// <param name="rate">What each may send, as <c>tc</c> writes it (<c>100mbit</c>), or null for no limit.</param>
    /// <param name="unavailable">Why there are none here.</param>
    /// <returns>The hosts, or null where this machine or user cannot have them.</returns>
    public static NetworkNamespaces? TryCreate(int count, string? rate, out string unavailable)
    {
        var hosts = new NetworkNamespaces();
        try
        {
            hosts.Build(count, rate);
            unavailable = "";
            return hosts;
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            hosts.Dispose();
            unavailable = $"network namespaces are not available: {e.Message}";
            return null;
        }
    }

    /// <summary>The address of a host.</summary>
    public static string AddressOf(int host) => string.Create(CultureInfo.InvariantCulture, $"10.77.0.{host + 1}");

    /// <summary>What starts a program on a host: comes before the program and its arguments.</summary>
    public string[] Launcher(int host) => ["ip", "netns", "exec", NameOf(host)];

    /// <summary>Cuts a host off from the others, or joins it to them again.</summary>
    /// <param name="host">Which.</param>
    /// <param name="connected">Whether its link is up.</param>
    public void Connect(int host, bool connected) =>
        Run("ip", "-n", $"{_prefix}-hub", "link", "set", PortOf(host), connected ? "up" : "down");

    /// <summary>Removes the hosts.</summary>
    public void Dispose()
    {
        foreach (var name in _names)
            Execute("ip", "netns", "del", name);
        _names.Clear();
    }

    private void Build(int count, string? rate)
    {
        var hub = Add($"{_prefix}-hub");
        Run("ip", "-n", hub, "link", "add", "name", "hub", "type", "bridge");
        Run("ip", "-n", hub, "link", "set", "hub", "up");
        for (var i = 0; i < count; i++)
        {
            var (host, port) = (Add(NameOf(i)), PortOf(i));
            Run("ip", "link", "add", "name", "eth", "netns", host, "type", "veth", "peer", "name", port, "netns", hub);
            Run("ip", "-n", host, "addr", "add", $"{AddressOf(i)}/24", "dev", "eth");
            Run("ip", "-n", host, "link", "set", "lo", "up");
            Run("ip", "-n", host, "link", "set", "eth", "up");
            Run("ip", "-n", hub, "link", "set", port, "master", "hub", "up");
            if (rate is not null)
                Run("tc", "-n", host, "qdisc", "add", "dev", "eth", "root", "tbf", "rate", rate, "burst", "64kb", "latency", "50ms");
        }
    }

    private static string PortOf(int host) => string.Create(CultureInfo.InvariantCulture, $"p{host}");

    private string NameOf(int host) => string.Create(CultureInfo.InvariantCulture, $"{_prefix}-{host}");

    private string Add(string name)
    {
        Run("ip", "netns", "add", name);
        _names.Add(name);
        return name;
    }

    private static void Run(params string[] command)
    {
        if (Execute(command) is { } error)
            throw new InvalidOperationException($"{string.Join(' ', command)}: {error}");
    }

    private static string? Execute(params string[] command)
    {
        using var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? null : error.Trim();
    }
}
