namespace ActorTrain.Core.Training;

/// <summary>
/// What all stages do at the end of a step. It travels down the pipeline ahead of the next step's first forward pass, so
/// that every stage decides alike without a coordinator.
/// </summary>
/// <param name="Progress">How far the run is once the step is done.</param>
/// <param name="LearningRateFactor">What the optimizer's learning rate is multiplied with.</param>
/// <param name="GradientScale">What the gradients are multiplied with to keep their global norm within the bound.</param>
/// <param name="Skip">The gradients are not finite: the weights stay as they are.</param>
/// <param name="Checkpoint">A checkpoint is written after the step.</param>
/// <param name="Stop">No step follows.</param>
public sealed record Verdict(
    TrainingProgress Progress,
    double LearningRateFactor,
    double GradientScale,
    bool Skip,
    bool Checkpoint,
    bool Stop)
{
    /// <summary>Every stage keeps a copy of its layers' state after the step, so that the run can be set back to it.</summary>
    public bool Snapshot { get; init; }

    /// <summary>The step that is judged, from 1.</summary>
    public long Step => Progress.Step;

    /// <summary>Which update of the weights this is, from 1: the steps so far less those that were skipped.</summary>
    public long Update => Progress.Updates;
}
