using System.Text.Json;
using System.Threading.Channels;
using ActorTrain.Cli.Output;
using ActorTrain.Compute.Training;
using ActorTrain.Core.Training;

namespace ActorTrain.Cli.Running;

/// <summary>
/// Takes a run's events from whatever thread they come on, and shows, measures and writes them on one of its own, so
/// that neither a terminal nor a disk ever holds the training up.
/// </summary>
internal sealed class RunRecorder : IAsyncDisposable
{
    private readonly Channel<TrainingEvent> _events = Channel.CreateUnbounded<TrainingEvent>(new UnboundedChannelOptions { SingleReader = true });
    private readonly RunDirectory _directory;
    private readonly IRunView _view;
    private readonly WorkMeter _meter;
    private readonly LayerHashComparison? _comparison;
    private readonly List<double> _steps = [];
    private readonly List<double> _losses = [];
    private readonly Task _pump;

    /// <summary>Starts recording.</summary>
    /// <param name="directory">Where the files go; metrics are appended.</param>
    /// <param name="view">Shows the events.</param>
    /// <param name="meter">Is told when a step ends.</param>
    /// <param name="comparison">Compares layer hashes with those of another run, or null.</param>
    public RunRecorder(RunDirectory directory, IRunView view, WorkMeter meter, LayerHashComparison? comparison)
    {
        (_directory, _view, _meter, _comparison) = (directory, view, meter, comparison);
        _pump = Task.Run(PumpAsync);
    }

    /// <summary>Takes an event. Never blocks.</summary>
    public void Record(TrainingEvent happened)
    {
        if (happened is StepCompleted)
            _meter.EndStep();
        _events.Writer.TryWrite(happened);
    }

    /// <summary>Draws the loss of the steps recorded.</summary>
    public void Plot(string job, double? validationLoss) => LossPlot.Write(_directory.LossPlot, job, _steps, _losses, validationLoss);

    /// <summary>Waits until all that was taken is shown and written.</summary>
    public async ValueTask DisposeAsync()
    {
        _events.Writer.TryComplete();
        await _pump.ConfigureAwait(false);
    }

    private async Task PumpAsync()
    {
        await using var metrics = new EventFile(_directory.Metrics, _view.Note);
        await using var hashes = new EventFile(_directory.LayerHashes, _view.Note);
        await foreach (var happened in _events.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            _view.Show(happened);
            if (EventJson.Of(happened) is { } line)
                await metrics.WriteLineAsync(line).ConfigureAwait(false);
            switch (happened)
            {
                case StepCompleted step:
                    _steps.Add(step.Step);
                    _losses.Add(step.Loss);
                    break;
                case LayerHashed hash:
                    await hashes.WriteLineAsync(JsonSerializer.Serialize(hash)).ConfigureAwait(false);
                    _comparison?.Check(hash);
                    break;
            }
        }
    }
}
