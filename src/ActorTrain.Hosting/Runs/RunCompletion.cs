using ActorTrain.Compute.Devices;
using ActorTrain.Compute.Layers;
using ActorTrain.Compute.Stages;
using ActorTrain.Compute.Training;
using ActorTrain.Core.Devices;
using ActorTrain.Core.Plugins;
using ActorTrain.Core.Schedules;
using TorchSharp;

namespace ActorTrain.Hosting.Runs;

/// <summary>What is done once a run has trained: evaluation, the model's files, the plot of the loss.</summary>
/// <param name="job">The job.</param>
/// <param name="registry">The extensions there are.</param>
/// <param name="directory">The run's directory.</param>
/// <param name="recorder">The run's recorder.</param>
/// <param name="device">Where to evaluate.</param>
/// <param name="threads">How that device's thread runs.</param>
/// <param name="extras">What the program adds.</param>
internal sealed class RunCompletion(
    ResolvedJob job,
    PluginRegistry registry,
    RunDirectory directory,
    RunRecorder recorder,
    DeviceSpec device,
    DeviceExecutorOptions threads,
    IRunExtras extras)
{
    /// <summary>Does it.</summary>
    /// <param name="outcome">How the run ended; not disposed.</param>
    /// <param name="meter">What the devices did.</param>
    /// <param name="schedule">The schedule, or null for the plain loop.</param>
    public async Task<TrainingResult> RunAsync(TrainingOutcome outcome, WorkMeter meter, Schedule? schedule)
    {
        await recorder.DisposeAsync().ConfigureAwait(false);
        var evaluation = outcome.Interrupted ? null : await EvaluateAsync(outcome).ConfigureAwait(false);
        recorder.Plot(extras, job.Settings.Name, evaluation?.Loss);
        return new TrainingResult
        {
            Steps = outcome.Progress.Step,
            Interrupted = outcome.Interrupted,
            Loss = outcome.Loss,
            ValidationLoss = evaluation?.Loss,
            ValidationAccuracy = evaluation?.Accuracy,
            WeightsSha256 = outcome.WeightsSha256,
            Bubble = schedule is null ? null : meter.Bubble,
            BubbleBound = schedule is null ? null : meter.Bound(schedule)?.BubbleFraction,
            PeakMemoryBytes = ProcessMemory.PeakBytes,
            RunDirectory = directory.Path,
            Sample = outcome.Interrupted ? null : SaveModel(outcome),
        };
    }

    private async Task<Evaluation?> EvaluateAsync(TrainingOutcome outcome)
    {
        using var executor = new DeviceExecutor(0, device, threads);
        return await executor.Run("evaluate", () => Evaluator.Run(job, outcome.Layers, executor.Device)).ConfigureAwait(false);
    }

    private string? SaveModel(TrainingOutcome outcome)
    {
        if (job.Model.Format is not { } format)
            return null;
        using var scope = torch.NewDisposeScope();
        format.Save(directory.Model, [.. outcome.Layers.Select(Parameters)]);
        return extras.Sample(directory.Model, registry, job);
    }

    private static IReadOnlyDictionary<string, torch.Tensor> Parameters(LayerSnapshot layer) =>
        layer.Slots.ToDictionary(slot => slot.Name, slot => PlacedLayer.View(layer.Parameters, slot));
}
