using System.Diagnostics;
using ActorTrain.Core.Training;

namespace ActorTrain.Compute.Training;

/// <summary>Turns judgements into events with the time that each step took.</summary>
/// <param name="job">The job.</param>
/// <param name="events">Where the events go.</param>
public sealed class StepClock(ResolvedJob job, Action<TrainingEvent> events)
{
    private long _last = Stopwatch.GetTimestamp();

    /// <summary>The loss of the last step; NaN before the first.</summary>
    public double LastLoss { get; private set; } = double.NaN;

    /// <summary>Leaves the time since the last step out of the next one's.</summary>
    public void Restart() => _last = Stopwatch.GetTimestamp();

    /// <summary>Tells that a step ended.</summary>
    /// <param name="judgement">The verdict on it.</param>
    /// <param name="loss">Its mean loss.</param>
    public void Completed(StepJudgement judgement, double loss)
    {
        LastLoss = loss;
        var now = Stopwatch.GetTimestamp();
        var seconds = Stopwatch.GetElapsedTime(_last, now).TotalSeconds;
        _last = now;
        var verdict = judgement.Verdict;
        events(new StepCompleted(
            verdict.Step, loss, judgement.GradientNorm, verdict.LearningRateFactor, verdict.Skip, job.LabelsPerStep, seconds)
        { LayerNorms = judgement.LayerNorms });
    }
}
