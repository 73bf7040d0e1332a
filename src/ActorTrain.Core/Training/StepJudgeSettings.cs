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
    int CheckpointEvery);
