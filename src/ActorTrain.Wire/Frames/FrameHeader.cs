using ActorTrain.Core.Generations;

namespace ActorTrain.Wire.Frames;

/// <summary>Where a frame belongs. No number is negative, but the incarnation may be.</summary>
/// <param name="Generation">The generation that sends it; an older one is dropped.</param>
/// <param name="Step">The step.</param>
/// <param name="MicroBatch">The micro-batch; 0 for what concerns a whole step; of a snapshot's frames the layer.</param>
/// <param name="Edge">The edge, as the plan numbers them.</param>
/// <param name="Slot">
/// Which of several tensors: a tuple's element for activations and gradients, the tie for tied gradients,
/// the buffer for a layer's; otherwise 0.
/// </param>
public readonly record struct FrameHeader(Generation Generation, long Step, int MicroBatch, int Edge, int Slot = 0);
