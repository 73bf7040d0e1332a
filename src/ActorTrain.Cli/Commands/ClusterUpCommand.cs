using System.Globalization;
using ActorTrain.Cli.Output;
using ActorTrain.Cli.Running;
using ActorTrain.Core.Settings;
using ActorTrain.Runtime.Cluster.Clients;
using Spectre.Console.Cli;

namespace ActorTrain.Cli.Commands;

/// <summary>Runs a cluster of processes on this machine, with one view of all.</summary>
internal sealed class ClusterUpCommand : AsyncCommand<ClusterUpSettings>
{
    private static readonly TimeSpan UpTimeout = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(200);

    /// <inheritdoc/>
    public override async Task<int> ExecuteAsync(CommandContext context, ClusterUpSettings settings, CancellationToken cancellationToken)
    {
        var job = settings.Job is { } file ? SubmitCommand.ReadJob(file, settings.Set) : null;
        using var view = RunViews.Choose(settings.Json);
        using var signals = new StopSignals(view.Note);
        await using var nodes = LocalNodes.Start(settings.Nodes, settings.Devices, settings.Runs, settings.HttpPort);
        using var watching = new CancellationTokenSource();
        var early = nodes.WaitForEarlyEndAsync(watching.Token);
        await using var client = await UpAsync(nodes, settings.Nodes, early).ConfigureAwait(false);
        view.Note(string.Create(CultureInfo.InvariantCulture, $"{settings.Nodes} nodes are up; contact {nodes.Contact}, logs in {nodes.LogDirectory}"));
        if (settings.HttpPort is not null)
            view.Note($"dashboard: {await nodes.Dashboard.ConfigureAwait(false)}");
        _ = early.ContinueWith(
            ended => view.Note(nodes.Describe(ended.Result)), watching.Token, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
        var result = await WorkAsync(settings, job, client, view, signals.Requested).ConfigureAwait(false);
        await watching.CancelAsync().ConfigureAwait(false);
        return result;
    }

    private static async Task<int> WorkAsync(
        ClusterUpSettings settings, JobSettings? job, JobClient client, IRunView view, CancellationToken stop)
    {
        if (job is null)
        {
            await UntilAsync(stop).ConfigureAwait(false);
            return ExitCode.Interrupted;
        }

        var (id, news) = await client.SubmitAsync(settings.Job!, job.Resolved).ConfigureAwait(false);
        await using var stopping = stop.Register(() => client.Stop(id));
        var result = await new JobFollower(view).RunAsync(news, CancellationToken.None).ConfigureAwait(false);
        if (settings.Stay)
        {
            Console.Error.WriteLine("the nodes stay until Ctrl-C");
            await UntilAsync(stop).ConfigureAwait(false);
        }

        return result;
    }

    private static async Task UntilAsync(CancellationToken stop) =>
        await Task.Delay(Timeout.Infinite, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    /// <summary>Waits until all nodes' devices can be used.</summary>
    private static async Task<JobClient> UpAsync(LocalNodes nodes, int count, Task<LocalNodes.Ended> early)
    {
        using var timeout = new CancellationTokenSource(UpTimeout);
        JobClient? client = null;
        try
        {
            while (true)
            {
                if (early.IsCompletedSuccessfully)
                    throw new ClusterUnavailableException(nodes.Describe(await early.ConfigureAwait(false)));
                try
                {
                    client ??= await JobClient.ConnectAsync(nodes.Contact, tls: null).ConfigureAwait(false);
                    var devices = await client.DevicesAsync().ConfigureAwait(false);
                    if (devices.Select(d => d.Split(' ')[0]).Distinct().Count() == count)
                        return client;
                }
                catch (ClusterUnavailableException) when (!timeout.IsCancellationRequested)
                {
                }

                await Task.Delay(Poll, timeout.Token).ConfigureAwait(false);
            }
        }
        catch (Exception e)
        {
            if (client is not null)
                await client.DisposeAsync().ConfigureAwait(false);
            if (e is not OperationCanceledException)
                throw;
            throw new ClusterUnavailableException($"the nodes were not up within {UpTimeout.TotalSeconds:F0} s; their logs are in {nodes.LogDirectory}");
        }
    }
}
