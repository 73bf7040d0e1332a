using System.Collections.Immutable;
using ActorTrain.Core.Training;
using ActorTrain.Runtime.Cluster.Protocol;

namespace ActorTrain.Hosting.Runs;

/// <summary>What a cluster tells of a job, in the form that views show.</summary>
internal static class JobNews
{
    /// <summary>What is about to run.</summary>
    public static RunSummary Summary(JobStarted started, Func<ImmutableArray<double>> busy) => new(
        started.Job,
        started.Steps,
        TrainingProgress.Start with { Step = started.Step },
        started.Parameters,
        started.Unit,
        started.Schedule,
        [.. started.Stages],
        started.Numerics,
        started.RunDirectory,
        busy);

    /// <summary>A step's events.</summary>
    public static IEnumerable<TrainingEvent> Events(JobStepped step)
    {
        if (step.Edges.Count > 0)
        {
            yield return new WireMeasured(step.Step, [.. step.Edges.Select(e => e.Value)]);
        }

        yield return new StepCompleted(
            step.Step, step.Loss, step.GradientNorm, step.LearningRateFactor, step.Skipped, step.Labels, step.Seconds)
        { LayerNorms = [.. step.LayerNorms] };
    }

    /// <summary>How a job ended.</summary>
    public static TrainingResult FromMessage(JobResult result) => new()
    {
        Steps = result.Steps,
        Interrupted = result.Interrupted,
        Loss = result.Loss,
        ValidationLoss = result.ValidationLoss,
        ValidationAccuracy = result.ValidationAccuracy,
        WeightsSha256 = result.WeightsSha256,
        Bubble = result.Bubble,
        BubbleBound = result.BubbleBound,
        PeakMemoryBytes = null,
        RunDirectory = result.RunDirectory,
        Sample = result.Sample,
    };

    /// <summary>The message of how a job ended.</summary>
    public static JobResult ToMessage(TrainingResult result) => new()
    {
        Steps = result.Steps,
        Interrupted = result.Interrupted,
        Loss = result.Loss,
        ValidationLoss = result.ValidationLoss,
        ValidationAccuracy = result.ValidationAccuracy,
        WeightsSha256 = result.WeightsSha256,
        Bubble = result.Bubble,
        BubbleBound = result.BubbleBound,
        RunDirectory = result.RunDirectory,
        Sample = result.Sample,
    };
}
