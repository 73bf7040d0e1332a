using System.Collections;
using ActorTrain.Cli.Output;
using ActorTrain.Cli.Running;
using ActorTrain.Compute.Native;
using ActorTrain.Core.Settings;
using ActorTrain.Hosting.Runs;
using ActorTrain.Hosting.Telemetry;
using ActorTrain.Runtime.Cluster.Nodes;
using Spectre.Console.Cli;

namespace ActorTrain.Cli.Commands;

/// <summary>Runs a node of a cluster until it is told to leave.</summary>
internal sealed class NodeCommand : AsyncCommand<NodeCommandSettings>
{
    /// <inheritdoc/>
    public override async Task<int> ExecuteAsync(CommandContext context, NodeCommandSettings settings, CancellationToken cancellationToken)
    {
        var node = NodeFile.Load(settings.File, settings.Set, Environment());
        TorchRuntime.Load(node.Compute.MklFastPath);
        var registry = Extensions.Load(node.Plugins);
        using var exporters = TelemetryExporters.Start(node.Telemetry);
        using var leave = new LeaveRequest(settings.UntilStdinCloses);
        using var view = new PlainView(Console.Out);
        await using var host = await NodeHost.StartAsync(
            node, registry, Extensions.Defaults(node.Plugins), new NodeRuns(node, registry, view, new CliExtras()), view.Note).ConfigureAwait(false);
        view.Note($"node {host.Address} offers {(host.Devices.Count == 0 ? "no devices" : string.Join(", ", host.Devices))}; data port {host.DataPort}; roles {string.Join(", ", node.Roles)}");
        _ = host.Up.ContinueWith(_ => view.Note($"node {host.Address} is up"), cancellationToken, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);

        await Task.WhenAny(leave.Requested, host.Terminated).ConfigureAwait(false);
        if (leave.Requested.IsCompleted)
            return ExitCode.Done;
        Console.Error.WriteLine($"error: node {host.Address} was removed from its cluster; start it again to join anew");
        return ExitCode.Failed;
    }

    private static Dictionary<string, string> Environment() => System.Environment.GetEnvironmentVariables()
        .Cast<DictionaryEntry>()
        .ToDictionary(e => (string)e.Key, e => (string?)e.Value ?? "", StringComparer.Ordinal);
}
