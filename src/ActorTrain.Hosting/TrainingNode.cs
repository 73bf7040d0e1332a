using ActorTrain.Compute.Native;
using ActorTrain.Core.Settings;
using ActorTrain.Hosting.Runs;
using ActorTrain.Hosting.Telemetry;
using ActorTrain.Runtime.Cluster.Nodes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ActorTrain.Hosting;

/// <summary>
/// A node of a cluster in a host's process, which offers this machine's devices. Unlike <c>actortrain node</c> it knows
/// what the host registers in code.
/// </summary>
public sealed class TrainingNode : IAsyncDisposable
{
    private readonly NodeHost _node;

    private readonly TelemetryExporters _exporters;

    private TrainingNode(NodeHost node, TelemetryExporters exporters) => (_node, _exporters) = (node, exporters);

    /// <summary>Where the node is reached, as <c>HOST:PORT</c>: what <see cref="TrainingCluster"/> and other nodes' seeds name.</summary>
    public string Address => _node.Address;

    /// <summary>Ends when the node is a member of the cluster.</summary>
    public Task Up => _node.Up;

    /// <summary>Ends when the node has left its cluster, asked to or not.</summary>
    public Task Terminated => _node.Terminated;

    /// <summary>Starts a node and joins it to its cluster.</summary>
    /// <param name="settings">The node, such as <see cref="NodeFile.Load"/> reads it; its plug-ins are those of <paramref name="options"/>.</param>
    /// <param name="options">What jobs on it may use.</param>
    /// <param name="loggers">Where logs go; null for nowhere.</param>
    /// <exception cref="DeviceException">A device does not exist.</exception>
    /// <exception cref="TorchUnavailableException">Torch cannot be loaded.</exception>
    /// <exception cref="Runtime.Edges.EdgeException">The data port cannot be opened.</exception>
    public static async Task<TrainingNode> StartAsync(NodeSettings settings, TrainingOptions options, ILoggerFactory? loggers = null)
    {
        var extensions = new HostExtensions(options);
        var node = settings with { Plugins = extensions.Plugins };
        TorchRuntime.Load(node.Compute.MklFastPath);
        var log = new NodeLog((loggers ?? NullLoggerFactory.Instance).CreateLogger("ActorTrain.Node"));
        var runs = new NodeRuns(node, extensions.Registry, log, new NoExtras());
        var exporters = TelemetryExporters.Start(node.Telemetry);
        try
        {
            return new TrainingNode(await NodeHost.StartAsync(node, extensions.Registry, extensions.Defaults, runs, log.Note).ConfigureAwait(false), exporters);
        }
        catch
        {
            exporters.Dispose();
            throw;
        }
    }

    /// <summary>Leaves the cluster in good order: hands its layers over at the end of a step.</summary>
    public async ValueTask DisposeAsync()
    {
        await _node.DisposeAsync().ConfigureAwait(false);
        _exporters.Dispose();
    }
}
