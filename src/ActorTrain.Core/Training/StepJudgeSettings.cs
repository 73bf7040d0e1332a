using System.Collections.Immutable;

namespace ActorTrain.Core.Training;

/// <summary>What a <see cref="StepJudge"/> goes by.</summary>
/// <param name="Steps">Steps of the whole run.</param>
/// <param name="LearningRate">The learning rate over the steps.</param>
/// <param name="ClipNorm">The greatest global gradient norm, or null for no clipping.</param>
/// <param name="MaxSkippedSteps">How many steps in a row may be skipped.</param>
/// <param name="CheckpointEvery">Steps between checkpoints; 0 for none but the last.</param>
public sealed record StepJudgeSettings(
    long Steps,
    ILearningRateSchedule LearningRate,
    double? ClipNorm,
    int MaxSkippedSteps,
    int CheckpointEvery)
{
    /// <summary>How many steps of the whole run may be skipped; null for any number.</summary>
    public int? MaxSkippedInAll { get; init; }

    /// <summary>The layers' names in their order, for errors.</summary>
    public ImmutableArray<string> LayerNames { get; init; } = [];
}
