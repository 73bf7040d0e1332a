using ActorTrain.Compute.Checkpoints;
using ActorTrain.Compute.Devices;
using ActorTrain.Compute.Stages;
using ActorTrain.Core.Devices;
using ActorTrain.Core.Settings;
using ActorTrain.Core.Training;

namespace ActorTrain.Compute.Training;

/// <summary>
/// The reference that everything is compared with: one process, one device, no actors and no schedule; each micro-batch
/// goes forward and backward through the whole model before the next.
/// </summary>
public static class PlainLoop
{
    /// <summary>Trains a job on one device.</summary>
    /// <param name="request">The run.</param>
    /// <param name="device">The device, whose cores are the torch threads.</param>
    /// <param name="options">How the device's thread runs.</param>
    /// <exception cref="TrainingDivergedException">Too many steps were not finite.</exception>
    /// <exception cref="LayerException">A layer threw.</exception>
    /// <exception cref="DataFailedException">The data source threw.</exception>
    /// <exception cref="CheckpointException">A checkpoint could not be written, and the job does not go on without.</exception>
    public static async Task<TrainingOutcome> RunAsync(TrainingRequest request, DeviceSpec device, DeviceExecutorOptions options)
    {
        using var executor = new DeviceExecutor(0, device, options);
        return await executor.Run("train", () => Train(request, executor)).ConfigureAwait(false);
    }

    private static TrainingOutcome Train(TrainingRequest request, DeviceExecutor executor)
    {
        var job = request.Job;
        using var stage = Stage.Build(job.WholeModel, executor.Device);
        if (request.ResumeFrom is { } checkpoint)
            stage.Restore(checkpoint.Layers);
        var judge = job.Judge(request.Progress);
        var clock = new StepClock(job, request.Events);
        var loss = new LossStage(job, executor.Device);
        for (var stopped = judge.Progress.Step >= job.Settings.Steps; !stopped;)
            stopped = Step(request, stage, loss, judge, clock);
        return new TrainingOutcome(judge.Progress, clock.LastLoss, judge.Progress.Step < job.Settings.Steps, stage.Snapshot());
    }

    private static bool Step(TrainingRequest request, Stage stage, LossStage loss, StepJudge judge, StepClock clock)
    {
        var job = request.Job;
        var step = judge.Progress.Step + 1;
        var total = 0.0;
        for (var i = 0; i < job.Settings.Batch.MicroBatches; i++)
        {
            var batch = job.ReadTraining(step, i);
            var output = stage.Forward(step, i, new Activation(batch.Inputs));
            var (share, gradient) = loss.Run(new Activation(output), batch.Labels);
            total += share;
            stage.Backward(step, i, new Activation(gradient));
        }

        var gradients = stage.CompleteGradients(fromBelow: null);
        var wishes = request.Control.Take();
        var judgement = judge.Judge(new StepReport(step, total, gradients.SquaredNorms), wishes.Stop, wishes.Checkpoint);
        stage.Update(judgement.Verdict, tiedSum: null);
        clock.Completed(judgement, total);
        if (request.HashLayers)
            foreach (var layer in stage.Layers)
                request.Events(new LayerHashed(step, layer.Index, layer.Name, WeightsDigest.Of(layer.Parameters)));
        if (judgement.Verdict.Checkpoint)
            request.Events(Write(request, judge.Progress, stage));
        return judgement.Verdict.Stop || (wishes.Pause && EndsInPause(request, step, clock));
    }

    // The device's thread has nothing else to do meanwhile.
    private static bool EndsInPause(TrainingRequest request, long step, StepClock clock)
    {
        request.Events(new RunPaused(step));
        request.Control.WhenReleased.GetAwaiter().GetResult();
        if (request.Control.IsStopRequested)
            return true;
        request.Events(new RunResumed(step));
        clock.Restart();
        return false;
    }

    private static TrainingEvent Write(TrainingRequest request, TrainingProgress progress, Stage stage)
    {
        try
        {
            return new CheckpointWritten(progress.Step, request.Checkpoints.Write(progress, stage.Snapshot()));
        }
        catch (CheckpointException e) when (request.Job.Settings.Checkpoint.OnFailure == CheckpointFailure.Warn)
        {
            return new CheckpointMissed(progress.Step, e.Message);
        }
    }
}
