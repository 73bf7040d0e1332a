using ActorTrain.Runtime.Cluster.Clients;
using Spectre.Console.Cli;

namespace ActorTrain.Cli.Commands;

/// <summary>Asks a node how it is; exit code 0 when it is up.</summary>
internal sealed class HealthCommand : AsyncCommand<HealthSettings>
{
    /// <inheritdoc/>
    public override async Task<int> ExecuteAsync(CommandContext context, HealthSettings settings, CancellationToken cancellationToken)
    {
        await using var client = await JobClient.ConnectAsync(settings.Node, settings.Tls.Settings).ConfigureAwait(false);
        var (status, members) = await client.HealthAsync().ConfigureAwait(false);
        Console.WriteLine($"{settings.Node} is {status}; up: {string.Join(", ", members)}");
        return status == "Up" ? ExitCode.Done : ExitCode.Failed;
    }
}
