using System.Globalization;
using ActorTrain.Tests.Shared;

namespace ActorTrain.Chaos;

/// <summary>
/// Where nodes run: in network namespaces with links that can be cut, or on loopback where this machine or user has none.
/// </summary>
internal sealed class Hosts : IDisposable
{
    // The last one is for who follows the job, and is never cut.
    private const int Count = 10;

    private readonly NetworkNamespaces? _namespaces = NetworkNamespaces.TryCreate(Count + 1, null, out _);
    private readonly bool[] _taken = new bool[Count];

    /// <summary>Whether links can be cut.</summary>
    public bool CanCut => _namespaces is not null;

    /// <summary>What starts a program beside the nodes.</summary>
    public IReadOnlyList<string> FollowerLauncher => _namespaces?.Launcher(Count) ?? [];

    /// <summary>Takes a host that has no node.</summary>
    public int Take()
    {
        var host = Array.IndexOf(_taken, false);
        _taken[host] = true;
        return host;
    }

    /// <summary>Gives a host back.</summary>
    public void Release(int host) => _taken[host] = false;

    /// <summary>What starts a program on a host.</summary>
    public IReadOnlyList<string> Launcher(int host) => _namespaces?.Launcher(host) ?? [];

    /// <summary>The address of a host.</summary>
    public string AddressOf(int host) => _namespaces is null ? "127.0.0.1" : NetworkNamespaces.AddressOf(host);

    /// <summary>Cuts a host's link, or joins it again.</summary>
    public void Connect(int host, bool connected) =>
        (_namespaces ?? throw new InvalidOperationException("there are no links on loopback")).Connect(host, connected);

    /// <inheritdoc/>
    public void Dispose() => _namespaces?.Dispose();

    /// <inheritdoc/>
    public override string ToString() => CanCut
        ? string.Create(CultureInfo.InvariantCulture, $"{Count} network namespaces")
        : "loopback, where no link can be cut";
}
