using TorchSharp;

namespace ActorTrain.Compute.Layers;

/// <summary>
/// The linear products of a forward pass whose backward is split (Zero Bubble, arXiv 2401.10241). Their weights are no
/// part of the graph; B asks for the gradients of their outputs, and W multiplies those with their inputs. Owns its tensors.
/// </summary>
/// <remarks>
/// A custom autograd function would not have to keep the outputs until B (an eighth of a transformer block's activations
/// more), but what it throws ends the process, and what it saves is freed by the garbage collector.
/// </remarks>
internal sealed class DeferredProducts : IDisposable
{
    private readonly List<(torch.Tensor Input_NI, torch.Tensor Output_NO, torch.Tensor Weight, bool Transposed)> _products = [];

    /// <summary>The outputs, in the order of the pass.</summary>
    public IEnumerable<torch.Tensor> Outputs => _products.Select(p => p.Output_NO);

    /// <summary>Takes note of a product.</summary>
    /// <param name="input_NI">Its input; a reference without a graph is kept.</param>
    /// <param name="output_NO">Its output, taken; it can be differentiated from now on.</param>
    /// <param name="weight">The parameter.</param>
    /// <param name="transposed">Whether the parameter is stored <c>[out, in]</c>.</param>
    /// <exception cref="InvalidOperationException">The pass has a product with this weight already.</exception>
    public void Add(torch.Tensor input_NI, torch.Tensor output_NO, torch.Tensor weight, bool transposed)
    {
        if (Holds(weight))
            throw TwoUses(weight);
        if (!output_NO.requires_grad)
            output_NO.requires_grad_(true);
        _products.Add((input_NI.detach().DetachFromDisposeScope(), output_NO.DetachFromDisposeScope(), weight, transposed));
    }

    /// <summary>Whether the weight's gradient is kept back.</summary>
    public bool Holds(torch.Tensor weight) => _products.Any(p => ReferenceEquals(p.Weight, weight));

    /// <summary>What a layer must not do: the sum of a weight's gradients would be rounded otherwise than in BW.</summary>
    public static InvalidOperationException TwoUses(torch.Tensor weight) => new(
        $"a weight [{string.Join(", ", weight.shape)}] is used twice in one pass; where B and W are split, it has one product and no other use");

    /// <summary>Turns the products into what W needs; nothing stays here.</summary>
    /// <param name="gradients">The gradients of <see cref="Outputs"/>; an output that nothing depends on has an invalid one. Taken.</param>
    public List<WeightProduct> Differentiated(IEnumerable<torch.Tensor> gradients)
    {
        var pending = new List<WeightProduct>();
        foreach (var ((input_NI, output_NO, weight, transposed), gradient_NO) in _products.Zip(gradients))
        {
            output_NO.Dispose();
            if (gradient_NO.IsInvalid)
                input_NI.Dispose();
            else
                pending.Add(new WeightProduct(input_NI, gradient_NO.DetachFromDisposeScope(), weight, transposed));
        }

        _products.Clear();
        return pending;
    }

    public void Dispose()
    {
        foreach (var (input_NI, output_NO, _, _) in _products)
        {
            input_NI.Dispose();
            output_NO.Dispose();
        }

        _products.Clear();
    }
}
