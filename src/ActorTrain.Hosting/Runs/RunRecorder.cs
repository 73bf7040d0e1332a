using System.Text.Json;
using System.Threading.Channels;
using ActorTrain.Compute.Training;
using ActorTrain.Core.Settings;
using ActorTrain.Core.Training;
using ActorTrain.Hosting.TensorBoard;

namespace ActorTrain.Hosting.Runs;

/// <summary>
/// Takes a run's events from whatever thread they come on, and shows, measures and writes them on one of its own, so
/// that neither a terminal nor a disk ever holds the training up.
/// </summary>
internal sealed class RunRecorder : IAsyncDisposable
{
    private readonly Channel<TrainingEvent> _events = Channel.CreateUnbounded<TrainingEvent>(new UnboundedChannelOptions { SingleReader = true });
    private readonly RunDirectory _directory;
    private readonly IRunObserver _view;
    private readonly WorkMeter _meter;
    private readonly LayerHashComparison? _comparison;
    private readonly RunTelemetry _telemetry;
    private readonly TensorBoardFile? _tensorBoard;
    private readonly List<double> _steps = [];
    private readonly List<double> _losses = [];
    private readonly Task _pump;

    /// <summary>Starts recording.</summary>
    /// <param name="job">The job.</param>
    /// <param name="directory">Where the files go; metrics go on from the step where the run does.</param>
    /// <param name="view">Shows the events.</param>
    /// <param name="meter">Is told when a step ends.</param>
    /// <param name="comparison">Compares layer hashes with those of another run, or null.</param>
    public RunRecorder(JobSettings job, RunDirectory directory, IRunObserver view, WorkMeter meter, LayerHashComparison? comparison)
    {
        (_directory, _view, _meter, _comparison) = (directory, view, meter, comparison);
        _telemetry = new RunTelemetry(job.Name, meter);
        _tensorBoard = job.TensorBoard.Enabled ? new TensorBoardFile(directory.TensorBoard, TimeProvider.System) : null;
        _pump = Task.Run(PumpAsync);
    }

    /// <summary>Takes an event. Never blocks.</summary>
    public void Record(TrainingEvent happened)
    {
        if (happened is StepCompleted)
            _meter.EndStep();
        if (happened is RunResumed)
            _meter.EndPause();
        _telemetry.Record(happened);
        _events.Writer.TryWrite(happened);
    }

    /// <summary>Draws the loss of the steps recorded.</summary>
    public void Plot(IRunExtras extras, string job, double? validationLoss) => extras.Plot(_directory.LossPlot, job, _steps, _losses, validationLoss);

    /// <summary>Waits until all that was taken is shown and written.</summary>
    public async ValueTask DisposeAsync()
    {
        _events.Writer.TryComplete();
        await _pump.ConfigureAwait(false);
        _telemetry.Dispose();
        _tensorBoard?.Dispose();
    }

    private async Task PumpAsync()
    {
        using var metrics = new MetricsFile(_directory.Metrics, _view.Note);
        using var hashes = new LineFile(_directory.LayerHashes, _view.Note);
        await foreach (var happened in _events.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            _view.Show(happened);
            _tensorBoard?.Write(happened);
            if (EventJson.Of(happened) is { } line)
                metrics.Write(line);
            if (!_events.Reader.TryPeek(out _))
                metrics.Flush();
            switch (happened)
            {
                case StepCompleted step:
                    _steps.Add(step.Step);
                    _losses.Add(step.Loss);
                    break;
                case LayerHashed hash:
                    hashes.Write(JsonSerializer.Serialize(hash));
                    _comparison?.Check(hash);
                    break;
            }
        }
    }
}
