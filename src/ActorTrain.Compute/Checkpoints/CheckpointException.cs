namespace ActorTrain.Compute.Checkpoints;

/// <summary>A checkpoint that cannot be written, or that does not fit the job that wants to go on from it.</summary>
public sealed class CheckpointException(string message, Exception? inner = null) : Exception(message, inner);
