namespace ActorTrain.Core.Data;

/// <summary>How a job wants its data cut.</summary>
/// <param name="Seed">The job's seed; with the step it fixes the order.</param>
/// <param name="Samples">Samples (sequences, images) of a step's global batch.</param>
/// <param name="MicroBatches">Micro-batches that a step is cut into; divides <paramref name="Samples"/>.</param>
/// <param name="Context">The model's context length in tokens, or null for models that do not read text.</param>
/// <param name="BaseDirectory">The directory that relative paths in the job file start from.</param>
public sealed record DataRequest(long Seed, int Samples, int MicroBatches, int? Context, string BaseDirectory)
{
    /// <summary>Samples of one micro-batch.</summary>
    public int SamplesPerMicroBatch => Samples / MicroBatches;
}
