using ActorTrain.Compute.Layers;
using TorchSharp;

namespace ActorTrain.Compute.Stages;

/// <summary>What one micro-batch leaves in a segment between its forward and its backward pass. Owns its tensors.</summary>
/// <param name="Input">The segment's input, a leaf of the graph.</param>
/// <param name="Output">The segment's output with its graph; null when the backward pass runs the segment again.</param>
/// <param name="Deferred">Products whose weight gradients are kept back; null when the backward pass is not split, or runs the segment again.</param>
internal sealed record SavedPass(torch.Tensor Input, torch.Tensor? Output, DeferredProducts? Deferred) : IDisposable
{
    public void Dispose()
    {
        Deferred?.Dispose();
        Output?.Dispose();
        Input.Dispose();
    }
}
