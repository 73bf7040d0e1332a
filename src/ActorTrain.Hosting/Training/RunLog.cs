using ActorTrain.Core.Training;
using Microsoft.Extensions.Logging;

namespace ActorTrain.Hosting;

/// <summary>A run in the host's log: structured, each entry with the job.</summary>
/// <param name="logger">The log.</param>
/// <param name="job">The job's name.</param>
internal sealed partial class RunLog(ILogger logger, string job)
{
    /// <summary>Something happened.</summary>
    public void Event(TrainingEvent happened)
    {
        switch (happened)
        {
            case RunStarted started:
                Started(job, started.Step, started.Steps, started.Parameters, started.Schedule, started.Stages.Length, started.RunDirectory);
                break;
            case StepCompleted { Skipped: true } step:
                Skipped(job, step.Step, step.Loss, step.GradientNorm);
                break;
            case StepCompleted step:
                Stepped(job, step.Step, step.Loss, step.GradientNorm, step.Labels / step.Seconds);
                break;
            case CheckpointWritten checkpoint:
                Checkpointed(job, checkpoint.Step, checkpoint.Path);
                break;
            case RunPaused paused:
                Paused(job, paused.Step);
                break;
            case RunResumed resumed:
                Resumed(job, resumed.Step);
                break;
            case RunNoted note:
                Noted(job, note.Text);
                break;
        }
    }

    /// <summary>The run ended.</summary>
    public void Ended(TrainingResult result) => Ended(job, result.Steps, result.Interrupted, result.Loss, result.ValidationLoss, result.WeightsSha256);

    /// <summary>The run failed.</summary>
    public void Failed(Exception cause) => Failed(cause, job);

    [LoggerMessage(1, LogLevel.Information, "{Job} goes on after step {Step} of {Steps}: {Parameters} parameters, {Schedule}, {Stages} stages, files in {RunDirectory}")]
    private partial void Started(string job, long step, long steps, long parameters, string schedule, int stages, string runDirectory);

    [LoggerMessage(2, LogLevel.Debug, "{Job} step {Step}: loss {Loss}, gradient norm {GradientNorm}, {LabelsPerSecond} labels/s")]
    private partial void Stepped(string job, long step, double loss, double gradientNorm, double labelsPerSecond);

    [LoggerMessage(3, LogLevel.Warning, "{Job} skipped step {Step}, which is not finite: loss {Loss}, gradient norm {GradientNorm}")]
    private partial void Skipped(string job, long step, double loss, double gradientNorm);

    [LoggerMessage(4, LogLevel.Information, "{Job} wrote a checkpoint of step {Step}: {Path}")]
    private partial void Checkpointed(string job, long step, string path);

    [LoggerMessage(5, LogLevel.Information, "{Job} is paused after step {Step}")]
    private partial void Paused(string job, long step);

    [LoggerMessage(6, LogLevel.Information, "{Job} goes on after step {Step}")]
    private partial void Resumed(string job, long step);

    [LoggerMessage(7, LogLevel.Information, "{Job}: {Text}")]
    private partial void Noted(string job, string text);

    [LoggerMessage(8, LogLevel.Information, "{Job} ended after step {Step} (interrupted: {Interrupted}): loss {Loss}, validation loss {ValidationLoss}, weights {WeightsSha256}")]
    private partial void Ended(string job, long step, bool interrupted, double loss, double? validationLoss, string weightsSha256);

    [LoggerMessage(9, LogLevel.Error, "{Job} failed")]
    private partial void Failed(Exception cause, string job);
}
