using System.Collections.Immutable;
using System.Net;
using Akka.Configuration;

namespace ActorTrain.Core.Settings;

/// <summary>Reads and checks the section <c>actortrain.node</c>.</summary>
/// <param name="node">The section with its defaults.</param>
/// <param name="directory">The node file's directory.</param>
internal sealed class NodeReader(SettingsReader node, string directory)
{
    /// <summary>Reads the section.</summary>
    /// <param name="compute">What stands beside it: how the machine computes.</param>
    /// <param name="telemetry">Where metrics and traces go.</param>
    /// <param name="plugins">The plug-ins.</param>
    /// <param name="akka">The file's section <c>akka</c>.</param>
    /// <exception cref="SettingsException">A setting is wrong.</exception>
    public NodeSettings Read(ComputeSettings compute, TelemetrySettings telemetry, IEnumerable<string> plugins, Config akka)
    {
        var host = ReadHost();
        var port = ReadPort("port");
        var roles = node.SomeOf("roles", "worker", "supervisor");
        var seeds = ReadSeeds();
        var settings = new NodeSettings
        {
            Host = host,
            Bind = ReadBind(host),
            Port = port,
            DataPort = ReadDataPort(port),
            Seeds = seeds,
            Discovery = DiscoveryReader.Read(node.Section("discovery"), hasSeeds: !seeds.IsEmpty),
            Roles = [.. roles],
            Devices = ReadDevices(roles),
            Isolate = ReadIsolate(roles),
            DeviceRestarts = node.Integer("device-restarts", least: 0),
            Tls = ReadTls(),
            Http = HttpReader.Read(node.Section("http")),
            DataDirectory = ReadDataDirectory(),
            RunDirectory = ReadRunDirectory(),
            Compute = compute,
            Telemetry = telemetry,
            Plugins = [.. plugins],
            Akka = akka,
        };
        node.RejectUnknown();
        return settings;
    }

    private string ReadHost()
    {
        const string Key = "host";
        var host = Host(Key, node.Text(Key));
        return IPAddress.TryParse(host, out var address) && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any))
            ? throw node.Error(Key, $"no other node reaches '{host}'; this machine's name or address is right here, and bind = \"{host}\"")
            : host;
    }

    private string ReadBind(string host)
    {
        const string Key = "bind";
        return node.Text(Key) is { Length: > 0 } bind ? Host(Key, bind) : host;
    }

    private string Host(string key, string text) => HostPort.IsHost(text)
        ? text
        : throw node.Error(key, $"'{text}' is not a host; a name or an address, without a port, is right");

    private int ReadPort(string key) => node.Integer(key, 0, ushort.MaxValue);

    private int ReadDataPort(int port)
    {
        const string Key = "data-port";
        var dataPort = ReadPort(Key);
        return dataPort == port && port > 0
            ? throw node.Error(Key, $"{dataPort} is the control plane's port already; another, or 0 for any that is free, is right")
            : dataPort;
    }

    private ImmutableArray<string> ReadSeeds()
    {
        const string One = "seed", Many = "seeds";
        var seeds = node.Texts(Many);
        if (node.Text(One) is not { Length: > 0 } seed)
            return Seeds(Many, seeds);
        return seeds.Count == 0
            ? Seeds(One, [seed])
            : throw node.Error(One, $"stands beside {Many}; one of the two is right");
    }

    private ImmutableArray<string> Seeds(string key, IReadOnlyList<string> texts)
    {
        var seeds = new List<HostPort>();
        foreach (var text in texts)
        {
            if (!HostPort.TryParse(text, out var seed))
                throw node.Error(key, $"'{text}' is not HOST:PORT; 10.0.0.1:4053, seed:4053 and [::1]:4053 are right");
            if (seeds.Contains(seed))
                throw node.Error(key, $"'{text}' stands twice");
            seeds.Add(seed);
        }

        return [.. seeds.Select(s => s.ToString())];
    }

    private ImmutableArray<string>? ReadDevices(IReadOnlyList<string> roles)
    {
        var devices = DevicesReader.Read(node);
        return devices is null || roles.Contains("worker")
            ? devices
            : throw node.Error("devices", "only a worker offers devices; auto, or the role worker beside the others, is right");
    }

    private bool ReadIsolate(IReadOnlyList<string> roles)
    {
        const string Key = "isolate";
        return !node.Flag(Key) || roles.Contains("worker")
            ? node.Flag(Key)
            : throw node.Error(Key, "only a worker has devices to isolate; false, or the role worker beside the others, is right");
    }

    private TlsSettings? ReadTls()
    {
        const string Key = "tls";
        if (!node.IsSection(Key))
            return node.Text(Key) is var text and not "off"
                ? throw node.Error(Key, $"'{text}' is neither off nor a section with certificate, key and authority")
                : null;
        var tls = node.Section(Key);
        var settings = new TlsSettings(ExistingFile(tls, "certificate"), ExistingFile(tls, "key"), ExistingFile(tls, "authority"));
        tls.RejectUnknown();
        return settings;
    }

    private string ExistingFile(SettingsReader tls, string key)
    {
        var file = Path.Combine(directory, tls.Text(key));
        return File.Exists(file)
            ? Path.GetFullPath(file)
            : throw tls.Error(key, $"there is no file '{file}'; a file in PEM, relative to the node file, is right");
    }

    private string ReadDataDirectory()
    {
        const string Key = "data";
        var data = node.Text(Key);
        return Directory.Exists(data)
            ? Path.GetFullPath(data)
            : throw node.Error(Key, $"there is no directory '{data}'; one that exists, relative to the current one, is right");
    }

    private string ReadRunDirectory()
    {
        const string Key = "runs";
        return node.Text(Key) is { Length: > 0 } runs
            ? Path.GetFullPath(runs)
            : throw node.Error(Key, "a directory is wanted; \".\" is the current one");
    }
}
