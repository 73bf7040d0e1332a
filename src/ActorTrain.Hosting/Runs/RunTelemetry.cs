using System.Diagnostics;
using ActorTrain.Compute.Training;
using ActorTrain.Core.Telemetry;
using ActorTrain.Core.Training;

namespace ActorTrain.Hosting.Runs;

/// <summary>Turns a run's events into metrics and traces.</summary>
internal sealed class RunTelemetry : IDisposable
{
    private readonly KeyValuePair<string, object?> _job;
    private readonly WorkMeter _meter;
    private readonly Activity? _run;

    /// <summary>Starts the run's trace.</summary>
    /// <param name="job">The job's name.</param>
    /// <param name="meter">What the devices do.</param>
    public RunTelemetry(string job, WorkMeter meter)
    {
        (_job, _meter) = (new(TrainingTelemetry.Job, job), meter);

        // Whatever the starter does next is no part of the run.
        var current = Activity.Current;
        _run = TrainingTelemetry.Source.StartActivity("actortrain.run", ActivityKind.Internal, parentContext: default, [_job]);
        Activity.Current = current;
    }

    /// <summary>Something happened, just now.</summary>
    public void Record(TrainingEvent happened)
    {
        switch (happened)
        {
            case StepCompleted step:
                OnStep(step);
                break;
            case WireMeasured wire:
                foreach (var edge in wire.Edges)
                    TrainingTelemetry.WireBytes.Add(edge.Bytes, _job, new(TrainingTelemetry.Edge, edge.Edge));
                break;
            case CheckpointWritten checkpoint:
                _run?.AddEvent(new ActivityEvent("actortrain.checkpoint", tags: new() { [TrainingTelemetry.Step] = checkpoint.Step }));
                break;
        }
    }

    /// <summary>Ends the run's trace.</summary>
    public void Dispose() => _run?.Dispose();

    private void OnStep(StepCompleted step)
    {
        TrainingTelemetry.StepDuration.Record(step.Seconds, _job);
        TrainingTelemetry.Tokens.Add(step.Labels, _job);
        RecordBubble(step);
        if (_run is null)
            return;
        var end = DateTimeOffset.UtcNow;
        using var trace = TrainingTelemetry.Source.StartActivity(
            "actortrain.step", ActivityKind.Internal, _run.Context, [_job, new(TrainingTelemetry.Step, step.Step)], startTime: end.AddSeconds(-step.Seconds));
        trace?.SetEndTime(end.UtcDateTime);
    }

    // Of the first step the meter knows nothing yet.
    private void RecordBubble(StepCompleted step)
    {
        var busy = _meter.LastBusy;
        if (busy.All(share => share == 0))
            return;
        TrainingTelemetry.BubbleRatio.Record(1 - busy.Average(), _job);
        for (var device = 0; device < busy.Length; device++)
            TrainingTelemetry.StageWaiting.Record(step.Seconds * (1 - busy[device]), _job, new(TrainingTelemetry.Device, device));
    }
}
