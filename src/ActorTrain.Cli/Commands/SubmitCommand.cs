using System.Text.Json;
using ActorTrain.Cli.Output;
using ActorTrain.Cli.Running;
using ActorTrain.Compute.Training;
using ActorTrain.Core.Settings;
using ActorTrain.Core.Tracing;
using ActorTrain.Hosting.Runs;
using ActorTrain.Runtime.Cluster.Clients;
using Spectre.Console.Cli;

namespace ActorTrain.Cli.Commands;

/// <summary>Gives a job to a cluster.</summary>
internal sealed class SubmitCommand : AsyncCommand<SubmitSettings>
{
    /// <inheritdoc/>
    public override async Task<int> ExecuteAsync(CommandContext context, SubmitSettings settings, CancellationToken cancellationToken)
    {
        var job = ReadJob(settings.Job, settings.Set);
        if (settings.Trace is { } path)
        {
            job = ReadJob(settings.Job, [.. settings.Set, $"{Core.Settings.TraceSettings.Key}={settings.Tracing.Steps ?? TraceSteps.Default(0, job.Steps)}"]);
            // Now, so that a wrong path shows before the run.
            await File.WriteAllBytesAsync(path, [], cancellationToken).ConfigureAwait(false);
        }

        await using var client = await JobClient.ConnectAsync(settings.To, settings.Tls.Settings).ConfigureAwait(false);
        var (id, news) = await client.SubmitAsync(settings.Job, job.Resolved).ConfigureAwait(false);
        if (!settings.Follow)
        {
            Console.WriteLine(settings.Json ? JsonSerializer.Serialize(new { @event = "accepted", job = id }) : $"{id} is accepted");
            return ExitCode.Done;
        }

        using var view = RunViews.Choose(settings.Json);
        using var detached = new CancellationTokenSource();
        using var signal = System.Runtime.InteropServices.PosixSignalRegistration.Create(System.Runtime.InteropServices.PosixSignal.SIGINT, interrupt =>
        {
            interrupt.Cancel = true;
            detached.Cancel();
        });
        try
        {
            return await new JobFollower(view, settings.Trace is { } file ? new FollowedTrace(file) : null).RunAsync(news, detached.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (detached.IsCancellationRequested)
        {
            view.Dispose();
            Console.Error.WriteLine($"{id} goes on");
            return ExitCode.Interrupted;
        }
    }

    /// <summary>Reads and checks a job without its data, which only the nodes need to have.</summary>
    internal static JobSettings ReadJob(string path, IReadOnlyList<string> overrides)
    {
        var file = JobFile.Open(path, overrides);
        var registry = Extensions.Load(file.Plugins);
        return file.Read(ResolvedJob.NamesIn(registry), Extensions.Defaults(file.Plugins)).Job;
    }
}
