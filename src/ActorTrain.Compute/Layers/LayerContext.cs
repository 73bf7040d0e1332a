using TorchSharp;

namespace ActorTrain.Compute.Layers;

/// <summary>
/// What a layer may know of the pass it is in: whether it trains, and the key of everything random. Randomness is keyed
/// by (job seed, layer, step, micro-batch, call site), so a recomputed or replayed pass draws the same values wherever it
/// runs.
/// </summary>
public sealed class LayerContext
{
    private readonly ulong _key;
    private uint _site;

    /// <summary>Creates the context of one pass through one layer.</summary>
    /// <param name="training">Whether dropout is on.</param>
    /// <param name="seed">The job's seed.</param>
    /// <param name="layer">The layer's place in the model.</param>
    /// <param name="step">The step, from 1.</param>
    /// <param name="microBatch">The micro-batch within the step.</param>
    public LayerContext(bool training, long seed, int layer, long step, int microBatch)
    {
        (Training, Step, MicroBatch) = (training, step, microBatch);
        _key = RandomKey.Mix((ulong)seed, (ulong)layer, (ulong)step, (ulong)microBatch);
    }

    /// <summary>Whether this is a training pass.</summary>
    public bool Training { get; }

    /// <summary>The step, from 1, for errors.</summary>
    internal long Step { get; }

    /// <summary>The micro-batch within the step, for errors.</summary>
    internal int MicroBatch { get; }

    /// <summary>Where linear products go whose weight gradients are kept back; null when the backward pass is not split.</summary>
    internal DeferredProducts? Deferred { get; init; }

    /// <summary>Floating-point operations of the pass's matrix products so far.</summary>
    internal double Flops { get; private set; }

    /// <summary>Takes note of floating-point operations beside <see cref="Product"/>, for profiles.</summary>
    /// <param name="flops">How many; a multiplication with its addition counts two.</param>
    public void CountFlops(double flops) => Flops += flops;

    /// <summary>Dropout whose mask is a function of the pass's key and of the place of this call in the pass.</summary>
    /// <param name="x">Any tensor.</param>
    /// <param name="probability">The probability that a value is dropped, in [0, 1).</param>
    /// <returns><paramref name="x"/> itself when nothing is dropped, otherwise a new tensor of the same shape.</returns>
    public torch.Tensor Dropout(torch.Tensor x, double probability)
    {
        if (!Training || probability == 0)
            return x;
        using var generator = new torch.Generator(RandomKey.Mix(_key, _site++), x.device);
        using var mask = torch.empty(x.shape, x.dtype, x.device).bernoulli_(1 - probability, generator);
        using var scaled = mask.div(1 - probability);
        return x.mul(scaled);
    }

    /// <summary>
    /// y = x·W + b over the last dimension, as one matrix product over all rows. Linear layers use it, so that a schedule
    /// can put their weights' gradients off: parameters that are used otherwise get theirs with the input's (B).
    /// </summary>
    /// <param name="x">Activations <c>[…, in]</c>.</param>
    /// <param name="weight">A parameter of the layer, <c>[in, out]</c>, that has no other use in the pass.</param>
    /// <param name="bias">Bias <c>[out]</c>, or null.</param>
    /// <param name="transposed">Whether the weight is stored <c>[out, in]</c>.</param>
    /// <returns><c>[…, out]</c>.</returns>
    /// <exception cref="InvalidOperationException">The backward pass is split, and the pass has used the weight before.</exception>
    public torch.Tensor Product(torch.Tensor x, torch.Tensor weight, torch.Tensor? bias, bool transposed = false)
    {
        var x_NI = x.reshape(-1, x.shape[^1]);
        var stored = Deferred is null ? weight : weight.detach();
        var weight_IO = transposed ? stored.t() : stored;
        var y_NO = bias is null ? x_NI.mm(weight_IO) : bias.addmm(x_NI, weight_IO);
        CountFlops(2.0 * x_NI.shape[0] * weight_IO.shape[0] * weight_IO.shape[1]);
        Deferred?.Add(x_NI, y_NO, weight, transposed);
        return y_NO.view([.. x.shape[..^1], weight_IO.shape[1]]);
    }
}
