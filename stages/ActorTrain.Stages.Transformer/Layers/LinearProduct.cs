using static TorchSharp.torch;

namespace ActorTrain.Stages.Transformer.Layers;

/// <summary>The product of activations and a weight matrix: every linear part of the model goes through here.</summary>
internal static class LinearProduct
{
    /// <summary>y = x·W + b over the last dimension, as one matrix product over all rows.</summary>
    /// <param name="x">Activations <c>[…, in]</c>.</param>
    /// <param name="weight_IO">Weight <c>[in, out]</c>; may be a transposed view.</param>
    /// <param name="bias_O">Bias <c>[out]</c>, or null.</param>
    /// <returns><c>[…, out]</c>.</returns>
    public static Tensor Apply(Tensor x, Tensor weight_IO, Tensor? bias_O)
    {
        var x_NI = x.reshape(-1, x.shape[^1]);
        var y_NO = bias_O is null ? x_NI.mm(weight_IO) : bias_O.addmm(x_NI, weight_IO);
        return y_NO.view([.. x.shape[..^1], weight_IO.shape[1]]);
    }
}
