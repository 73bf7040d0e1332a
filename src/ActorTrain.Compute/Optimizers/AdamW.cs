using ActorTrain.Compute.Layers;

namespace ActorTrain.Compute.Optimizers;

/// <summary>Adam with decoupled weight decay (Loshchilov and Hutter, arXiv 1711.05101, algorithm 2).</summary>
/// <param name="learningRate">The learning rate before the schedule's factor.</param>
/// <param name="beta1">How slowly the mean of the gradients moves.</param>
/// <param name="beta2">How slowly the mean of their squares moves.</param>
/// <param name="epsilon">Added to the root of the mean of squares.</param>
/// <param name="weightDecay">The share of a decayed parameter that an update at learning rate 1 takes away.</param>
public sealed class AdamW(double learningRate, double beta1, double beta2, double epsilon, double weightDecay) : IOptimizer
{
    /// <inheritdoc/>
    public int StateBuffers => 2;

    /// <inheritdoc/>
    public void Update(PlacedLayer layer, long update, double learningRateFactor)
    {
        var rate = learningRate * learningRateFactor;
        var (mean, square) = (layer.OptimizerState[0], layer.OptimizerState[1]);
        if (weightDecay != 0 && layer.DecayedLength > 0)
        {
            using var decayed = layer.Parameters.narrow(0, 0, layer.DecayedLength);
            decayed.mul_(1 - rate * weightDecay);
        }

        mean.mul_(beta1).add_(layer.Gradients, alpha: 1 - beta1);
        square.mul_(beta2).addcmul_(layer.Gradients, layer.Gradients, 1 - beta2);

        // The gradients are used up, so their buffer serves for the denominator.
        var denominator = layer.Gradients.copy_(square).sqrt_().div_(Math.Sqrt(1 - Math.Pow(beta2, update))).add_(epsilon);
        layer.Parameters.addcdiv_(mean, denominator, -rate / (1 - Math.Pow(beta1, update)));
    }
}
