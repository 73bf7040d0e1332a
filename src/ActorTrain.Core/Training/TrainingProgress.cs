namespace ActorTrain.Core.Training;

/// <summary>How far a run is. With the weights, the optimizer's state and the job this is all that a later step depends on.</summary>
/// <param name="Step">The last step done; 0 before the first.</param>
/// <param name="Updates">Updates of the weights so far.</param>
/// <param name="SkippedInARow">Steps skipped since the last update.</param>
public sealed record TrainingProgress(long Step, long Updates, int SkippedInARow)
{
    /// <summary>Before the first step.</summary>
    public static TrainingProgress Start { get; } = new(0, 0, 0);
}
