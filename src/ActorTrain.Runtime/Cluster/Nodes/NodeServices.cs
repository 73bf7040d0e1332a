using System.Collections.Immutable;
using System.Net;
using ActorTrain.Compute.Devices;
using ActorTrain.Compute.Native;
using ActorTrain.Compute.Training;
using ActorTrain.Core.Devices;
using ActorTrain.Core.Plugins;
using ActorTrain.Core.Settings;
using ActorTrain.Runtime.Cluster.Nodes.Isolation;
using ActorTrain.Runtime.Cluster.Protocol;
using ActorTrain.Runtime.Cluster.Snapshots;
using ActorTrain.Runtime.Edges;
using Akka.Configuration;

namespace ActorTrain.Runtime.Cluster.Nodes;

/// <summary>What the actors of a node share: its devices, its data plane and the extensions that jobs may use.</summary>
internal sealed class NodeServices : IDisposable
{
    private readonly PluginRegistry _registry;
    private readonly Config _defaults;

    /// <summary>Opens the node's devices and its data port.</summary>
    /// <param name="settings">The node.</param>
    /// <param name="registry">The extensions that jobs may use.</param>
    /// <param name="defaults">Their defaults.</param>
    /// <param name="log">Is told of connections that are refused.</param>
    /// <param name="order">What this process was started for by another node, or null.</param>
    /// <exception cref="DeviceException">A device does not exist.</exception>
    public NodeServices(NodeSettings settings, PluginRegistry registry, Config defaults, Action<string> log, DeviceProcessOrder? order)
    {
        (Settings, _registry, _defaults, Parent) = (settings, registry, defaults, order?.Parent);
        Tls = settings.Tls is { } tls ? EdgeTls.Load(tls) : null;
        var options = new DeviceExecutorOptions { Threads = settings.Compute.DeviceThreads };
        var specs = OffersDevices ? settings.Devices is { } names ? DeviceProbe.Find(names) : DeviceProbe.Auto() : [];
        Isolated = settings.Isolate ? [.. specs] : [];
        Devices = settings.Isolate ? [] : [.. specs.Select(spec => new NodeDevice(spec, options, order is null ? null : new FlightRecorder(order.FlightRecorder)))];
        Listener = new EdgeListener(new EdgeListenerSettings
        {
            Host = settings.Host,
            Bind = IPAddress.TryParse(settings.Bind, out var address) ? address : Dns.GetHostAddresses(settings.Bind)[0],
            Port = settings.DataPort,
            Tls = Tls,
            Refused = log,
        });
        var end = Listener.EndPoint;
        DataPlane = new DataAddress(end.Host, end.Port, end.UnixPath, end.HostId);
    }

    /// <summary>The node's settings.</summary>
    public NodeSettings Settings { get; }

    /// <summary>The devices that it offers.</summary>
    public ImmutableArray<NodeDevice> Devices { get; }

    /// <summary>The devices that it runs as processes of their own, which offer them.</summary>
    public ImmutableArray<DeviceSpec> Isolated { get; }

    /// <summary>The node that started this process for one of its devices, as <c>HOST:PORT</c>; null for a node of its own.</summary>
    public string? Parent { get; }

    /// <summary>Takes the connections of edges and snapshots.</summary>
    public EdgeListener Listener { get; }

    /// <summary>Mutual TLS between nodes, or null.</summary>
    public EdgeTls? Tls { get; }

    /// <summary>Where the listener is.</summary>
    public DataAddress DataPlane { get; }

    /// <summary>Where its control plane is, as <c>HOST:PORT</c>; set once, before anything asks.</summary>
    public string Address { get; set; } = "";

    /// <summary>The other members of the cluster, as <c>HOST:PORT</c>; those last seen when the node has been removed.</summary>
    public ImmutableSortedSet<string> OtherMembers { get; set; } = [];

    /// <summary>Lets the node leave its cluster in good order; set once, before anything asks.</summary>
    public Action Leave { get; set; } = () => { };

    /// <summary>The snapshots in its memory.</summary>
    public SnapshotStore Snapshots { get; } = new();

    /// <summary>Edges between stages of this node.</summary>
    public LocalEdges LocalEdges { get; } = new();

    private bool OffersDevices => Settings.Roles.Contains(NodeRoles.Worker);

    /// <summary>A codec by its name.</summary>
    public Core.Codecs.ICodec Codec(string name) => _registry.Get<Core.Codecs.ICodec>(name);

    /// <summary>Measures the devices for an offer.</summary>
    public async Task<IReadOnlyList<DeviceOffer>> DescribeDevicesAsync()
    {
        var offers = new List<DeviceOffer>();
        foreach (var device in Devices)
        {
            var description = DeviceProbe.Describe(device.Spec);
            var speed = await device.Executor.Run("speed", () => SpeedTest.Gigaflops(device.Executor.Device)).ConfigureAwait(false);
            offers.Add(new DeviceOffer(
                device.Spec.ToString(), description.MemoryBytes, description.FreeBytes, NumericsClass.Of(description).ToString(), speed));
        }

        return offers;
    }

    /// <summary>Reads a job that came as text, with paths from this node's data directory. The caller owns it.</summary>
    /// <param name="name">What the text is called in errors.</param>
    /// <param name="text">The job in HOCON.</param>
    /// <param name="overrides">Settings that win over the text, as <c>KEY=VALUE</c>.</param>
    /// <exception cref="SettingsException">A setting is wrong, or the job names a plug-in that this node does not have.</exception>
    public ResolvedJob Resolve(string name, string text, params IReadOnlyList<string> overrides)
    {
        var file = JobFile.Parse(name, text, Settings.DataDirectory, overrides);
        if (file.Plugins.Except(Settings.Plugins).FirstOrDefault() is { } missing)
            throw new SettingsException(
                "actortrain.plugins", $"the job wants '{missing}', which this node does not load; it loads {string.Join(", ", Settings.Plugins)}");
        return ResolvedJob.Resolve(file.Read(ResolvedJob.NamesIn(_registry), _defaults).Job, _registry);
    }

    /// <summary>A job's text with other settings in it.</summary>
    /// <param name="name">What the text is called in errors.</param>
    /// <param name="text">The job in HOCON.</param>
    /// <param name="overrides">Settings of the form <c>KEY=VALUE</c>.</param>
    public string Pin(string name, string text, IReadOnlyList<string> overrides) => overrides.Count == 0
        ? text
        : JobFile.Parse(name, text, Settings.DataDirectory, overrides).Read(ResolvedJob.NamesIn(_registry), _defaults).Job.Resolved;

    /// <inheritdoc/>
    public void Dispose()
    {
        Listener.Dispose();
        foreach (var device in Devices)
            device.Dispose();
        Snapshots.Dispose();
    }
}
