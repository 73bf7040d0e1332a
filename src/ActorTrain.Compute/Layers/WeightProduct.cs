using TorchSharp;

namespace ActorTrain.Compute.Layers;

/// <summary>
/// A linear product between its B and its W: what the gradient of its weight is made of. Owns the two tensors.
/// </summary>
/// <param name="Input_NI">The product's input, rows by inputs.</param>
/// <param name="Gradient_NO">The gradient of the product's output, rows by outputs.</param>
/// <param name="Weight">The parameter.</param>
/// <param name="Transposed">Whether the parameter is stored <c>[out, in]</c>.</param>
internal sealed record WeightProduct(torch.Tensor Input_NI, torch.Tensor Gradient_NO, torch.Tensor Weight, bool Transposed) : IDisposable
{
    /// <summary>Adds the weight's gradient to its buffer, with the kernels and operands that autograd takes for BW.</summary>
    public void AddToGradient()
    {
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        var sum = Weight.grad ?? throw new InvalidOperationException("a weight has lost its gradient's buffer");
        sum.add_(Transposed ? Gradient_NO.t().mm(Input_NI) : Input_NI.t().mm(Gradient_NO));
    }

    public void Dispose()
    {
        Input_NI.Dispose();
        Gradient_NO.Dispose();
    }
}
