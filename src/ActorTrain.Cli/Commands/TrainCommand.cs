using ActorTrain.Cli.Output;
using ActorTrain.Cli.Running;
using ActorTrain.Compute.Training;
using ActorTrain.Hosting;
using ActorTrain.Hosting.Runs;
using Spectre.Console.Cli;

namespace ActorTrain.Cli.Commands;

/// <summary>Trains a job on this machine's devices.</summary>
internal sealed class TrainCommand : AsyncCommand<TrainSettings>
{
    /// <inheritdoc/>
    public override async Task<int> ExecuteAsync(CommandContext context, TrainSettings settings, CancellationToken cancellationToken)
    {
        using var loaded = LoadedJob.Load(settings.Job, settings.Set);
        using var view = RunViews.Choose(settings.Json);
        using var signals = new StopSignals(view.Note);
        var run = new TrainingSession(loaded, view, new RunControl(signals.Requested))
        {
            Plain = settings.Plain,
            Resume = settings.Resume.IsSet ? ResumeMode.Always : ResumeMode.Never,
            ResumeRun = settings.Resume.Value,
            HashLayers = settings.HashLayers.IsSet,
            Extras = new CliExtras(),
            CompareWith = settings.HashLayers.Value,
            TraceFile = settings.Trace,
            TraceSteps = settings.Tracing.Steps,
        };
        var result = await run.RunAsync().ConfigureAwait(false);
        view.Finish(result);
        return result.Interrupted ? ExitCode.Interrupted : run.FirstDifference is null ? ExitCode.Done : ExitCode.Failed;
    }
}
