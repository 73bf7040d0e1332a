namespace ActorTrain.Compute.Checkpoints;

/// <summary>One layer's file in a checkpoint.</summary>
/// <param name="Name">The layer's name.</param>
/// <param name="File">The file's name within the checkpoint's directory.</param>
/// <param name="Sha256">The file's SHA-256 in hexadecimal.</param>
public sealed record CheckpointLayer(string Name, string File, string Sha256);
