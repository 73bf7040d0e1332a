using System.Collections;
using ActorTrain.Bootstrap;
using ActorTrain.Cli.Output;
using ActorTrain.Cli.Running;
using ActorTrain.Compute.Native;
using ActorTrain.Core.Failpoints;
using ActorTrain.Core.Plugins;
using ActorTrain.Core.Settings;
using ActorTrain.Hosting.Runs;
using ActorTrain.Hosting.Telemetry;
using ActorTrain.Runtime.Cluster.Nodes;
using ActorTrain.Runtime.Cluster.Nodes.Isolation;
using ActorTrain.Web;
using Spectre.Console.Cli;

namespace ActorTrain.Cli.Commands;

/// <summary>Runs a node of a cluster until it is told to leave.</summary>
internal sealed class NodeCommand : AsyncCommand<NodeCommandSettings>
{
    /// <inheritdoc/>
    public override async Task<int> ExecuteAsync(CommandContext context, NodeCommandSettings settings, CancellationToken cancellationToken)
    {
        var node = NodeFile.Load(settings.File, settings.Overrides, Environment());
        FailpointTrap.Set(FailpointOrder.Parse(System.Environment.GetEnvironmentVariable(FailpointOrder.Variable)));
        TorchRuntime.Load(node.Compute.MklFastPath);
        var registry = Extensions.Load(node.Plugins);
        using var exporters = TelemetryExporters.Start(node.Telemetry);
        using var leave = new LeaveRequest(settings.UntilStdinCloses, diesWithParent: settings.DeviceOf is not null);
        using var view = new PlainView(Console.Out);
        // A node that the others gave up, because it hung or the network was cut, comes back as a new one.
        while (await RunAsync(settings, node, registry, leave, view).ConfigureAwait(false) is { } others && settings.DeviceOf is null)
        {
            view.Note($"joins anew when one of {string.Join(", ", others)} answers");
            var seeds = await Rejoin.FindSeedsAsync(others, node.Seeds, leave.Token).ConfigureAwait(false);
            if (seeds is null)
                break;
            node = node with { Seeds = seeds.Value };
        }

        return leave.Token.IsCancellationRequested ? ExitCode.Done : ExitCode.Failed;
    }

    /// <summary>Runs the node until it is told to leave, or was removed from its cluster.</summary>
    /// <returns>The other members of the cluster that removed it; null when it has left.</returns>
    private static async Task<IReadOnlyCollection<string>?> RunAsync(
        NodeCommandSettings settings, NodeSettings node, PluginRegistry registry, LeaveRequest leave, PlainView view)
    {
        await using var host = await NodeHost.StartAsync(
            ClusterDiscovery.Configured(node), registry, Extensions.Defaults(node.Plugins), new NodeRuns(node, registry, view, new CliExtras()), view.Note, Isolation(settings, node), ClusterDiscovery.Search(node)).ConfigureAwait(false);
        await using var endpoint = node.Http is { } http ? await AdminEndpoint.StartAsync(http, host).ConfigureAwait(false) : null;
        var address = host.Address;
        view.Note($"node {address} offers {(host.Devices.Count == 0 ? "no devices" : string.Join(", ", host.Devices))}{(node.Isolate ? ", each in a process of its own" : "")}; data port {host.DataPort}; roles {string.Join(", ", node.Roles)}");
        if (endpoint is not null)
            view.Note($"dashboard: {endpoint.Url}");
        _ = host.Up.ContinueWith(_ => view.Note($"node {address} is up"), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);

        await Task.WhenAny(leave.Requested, host.Terminated).ConfigureAwait(false);
        if (host.IsLeaving)
            leave.Request();
        if (leave.Requested.IsCompleted)
            return null;
        Console.Error.WriteLine($"error: node {address} was removed from its cluster");
        return host.OtherMembers;
    }

    private static NodeIsolation Isolation(NodeCommandSettings settings, NodeSettings node) => new()
    {
        Program = order => SelfProgram.Command([
            "node", settings.File, "--until-stdin-closes", "--device-of", order.Parent, "--flight-recorder", order.FlightRecorder,
            .. settings.Overrides.Concat(DeviceOverrides(order)).SelectMany(set => new[] { "--set", set })]),
        Order = settings.DeviceOf is { } parent
            ? new DeviceProcessOrder(node.Devices is [var device] ? device : throw new SettingsException("--device-of", "exactly one device is right in actortrain.node.devices"), parent, settings.FlightRecorder!)
            : null,
    };

    // The last setting of a key wins, so these do over those of the node.
    private static IEnumerable<string> DeviceOverrides(DeviceProcessOrder order) =>
        ["isolate=false", $"devices=[\"{order.Device}\"]", "roles=[worker]", "port=0", "data-port=0", "http.enabled=false", "discovery.method=none", "seed=", $"seeds=[\"{order.Parent}\"]"];

    private static Dictionary<string, string> Environment() => System.Environment.GetEnvironmentVariables()
        .Cast<DictionaryEntry>()
        .ToDictionary(e => (string)e.Key, e => (string?)e.Value ?? "", StringComparer.Ordinal);
}
