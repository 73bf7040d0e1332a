namespace ActorTrain.Core.Settings;

/// <summary>How a step's batch is cut.</summary>
/// <param name="Sequences">Sequences (or images) of the global batch.</param>
/// <param name="MicroBatches">Micro-batches of a step; divides <paramref name="Sequences"/>.</param>
public sealed record BatchSettings(int Sequences, int MicroBatches);
