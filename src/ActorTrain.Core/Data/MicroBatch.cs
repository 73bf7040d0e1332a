namespace ActorTrain.Core.Data;

/// <summary>What one micro-batch trains on.</summary>
/// <param name="Inputs">What the first layer reads: token ids <c>[sequences, context]</c> or images <c>[images, 1, 28, 28]</c>.</param>
/// <param name="Labels">What the loss compares with: token ids <c>[sequences, context]</c> or classes <c>[images]</c>.</param>
public sealed record MicroBatch(HostTensor Inputs, HostTensor Labels);
