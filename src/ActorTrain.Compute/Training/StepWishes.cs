namespace ActorTrain.Compute.Training;

/// <summary>What has been asked of a run by the end of a step.</summary>
/// <param name="Stop">To end.</param>
/// <param name="Checkpoint">To write a checkpoint.</param>
/// <param name="Pause">To wait before the next step.</param>
public readonly record struct StepWishes(bool Stop, bool Checkpoint, bool Pause);
