using ActorTrain.Compute.Layers;

namespace ActorTrain.Compute.Optimizers;

/// <summary>
/// Stochastic gradient descent with momentum as in Sutskever et al. 2013 in the form that PyTorch uses, and weight decay
/// that is added to the gradient.
/// </summary>
/// <param name="learningRate">The learning rate before the schedule's factor.</param>
/// <param name="momentum">How much of the last update's direction is kept; 0 keeps no state.</param>
/// <param name="weightDecay">What a decayed parameter adds to its gradient, times itself.</param>
public sealed class Sgd(double learningRate, double momentum, double weightDecay) : IOptimizer
{
    /// <inheritdoc/>
    public int StateBuffers => momentum == 0 ? 0 : 1;

    /// <inheritdoc/>
    public void Update(PlacedLayer layer, long update, double learningRateFactor)
    {
        if (weightDecay != 0 && layer.DecayedLength > 0)
        {
            using var gradients = layer.Gradients.narrow(0, 0, layer.DecayedLength);
            using var decayed = layer.Parameters.narrow(0, 0, layer.DecayedLength);
            gradients.add_(decayed, alpha: weightDecay);
        }

        var direction = layer.Gradients;
        if (momentum != 0)
            direction = layer.OptimizerState[0].mul_(momentum).add_(layer.Gradients);
        layer.Parameters.add_(direction, alpha: -learningRate * learningRateFactor);
    }
}
