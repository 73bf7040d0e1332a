namespace ActorTrain.Core.Settings;

/// <summary>When checkpoints are written and how many are kept.</summary>
/// <param name="Every">Steps between checkpoints; 0 for none but the last.</param>
/// <param name="Keep">Checkpoints kept.</param>
public sealed record CheckpointSettings(int Every, int Keep);
