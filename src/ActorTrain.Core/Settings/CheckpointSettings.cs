namespace ActorTrain.Core.Settings;

/// <summary>When checkpoints are written and how many are kept.</summary>
/// <param name="Every">Steps between checkpoints; 0 for none but the last.</param>
/// <param name="Keep">Checkpoints kept.</param>
/// <param name="OnFailure">What happens when one cannot be written.</param>
public sealed record CheckpointSettings(int Every, int Keep, CheckpointFailure OnFailure = CheckpointFailure.Stop);
