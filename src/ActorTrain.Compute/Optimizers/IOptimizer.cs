using ActorTrain.Compute.Layers;

namespace ActorTrain.Compute.Optimizers;

/// <summary>Updates a layer's parameters from its gradients, on flat buffers.</summary>
public interface IOptimizer
{
    /// <summary>Buffers of state that it keeps for each layer.</summary>
    int StateBuffers { get; }

    /// <summary>Updates a layer. The gradients are already clipped; they may be overwritten.</summary>
    /// <param name="layer">The layer, on the calling thread's device.</param>
    /// <param name="update">Which update this is, from 1.</param>
    /// <param name="learningRateFactor">What the learning rate is multiplied with.</param>
    void Update(PlacedLayer layer, long update, double learningRateFactor);
}
