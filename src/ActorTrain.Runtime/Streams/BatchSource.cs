using ActorTrain.Compute.Training;
using Akka;
using Akka.Streams.Dsl;

namespace ActorTrain.Runtime.Streams;

/// <summary>The training data as a stream, read ahead of demand on the thread pool.</summary>
internal static class BatchSource
{
    // Enough to hide a slow read behind one micro-batch's computation.
    private const int ReadAhead = 2;

    /// <summary>The micro-batches of all steps after <paramref name="lastStep"/>, in order.</summary>
    public static Source<BatchMessage, NotUsed> After(long lastStep, ResolvedJob job) =>
        Source.From(Places(lastStep, job))
            .SelectAsync(ReadAhead, place => Task.Run(() => new BatchMessage(place.Step, place.MicroBatch, job.ReadTraining(place.Step, place.MicroBatch))));

    private static IEnumerable<(long Step, int MicroBatch)> Places(long lastStep, ResolvedJob job)
    {
        for (var step = lastStep + 1; step <= job.Settings.Steps; step++)
            for (var i = 0; i < job.Settings.Batch.MicroBatches; i++)
                yield return (step, i);
    }
}
