using ActorTrain.Core.Data;

namespace ActorTrain.Runtime.Streams;

/// <summary>A micro-batch of data on its way into the pipeline.</summary>
/// <param name="Step">The step, from 1.</param>
/// <param name="MicroBatch">The micro-batch within the step.</param>
/// <param name="Batch">The data.</param>
internal sealed record BatchMessage(long Step, int MicroBatch, MicroBatch Batch);
