using System.Diagnostics;
using ActorTrain.Compute.Devices;
using ActorTrain.Compute.Layers;
using TorchSharp;

namespace ActorTrain.Compute.Stages;

/// <summary>
/// Consecutive layers of a stage that are differentiated together: all neighbours that keep their activations, or a
/// single layer that is recomputed. Cutting the graph between segments changes no bit, since a layer's output is
/// the only thing that the next one reads.
/// </summary>
/// <param name="layers">The layers; one if <paramref name="recompute"/>.</param>
/// <param name="recompute">Whether the forward pass keeps only its input, and the backward pass runs it again.</param>
internal sealed class StageSegment(IReadOnlyList<PlacedLayer> layers, bool recompute)
{
    private readonly List<torch.Tensor> _parameters = [.. layers.SelectMany(l => l.Module.parameters())];
    private readonly HashSet<torch.Tensor> _onlyInProducts = new(ReferenceEqualityComparer.Instance);

    /// <summary>Runs the layers.</summary>
    /// <param name="input">A tensor that requires no gradient; owned by the pass from now on.</param>
    /// <param name="contexts">Makes the context of a layer's pass.</param>
    /// <param name="split">Whether the backward pass comes as <see cref="InputGradient"/>.</param>
    /// <returns>What the backward pass needs, and the output, cut off from the graph.</returns>
    public (SavedPass Saved, torch.Tensor Output) Forward(torch.Tensor input, PassContexts contexts, bool split)
    {
        // The output is cut off even where there is no graph: a layer may hand its input on, and the next segment keeps
        // its input's gradient in a tensor of its own.
        if (recompute)
        {
            using var noGrad = torch.no_grad();
            using var result = Run(input, contexts, null);
            return (new SavedPass(input, null, null), result.detach().DetachFromDisposeScope());
        }

        var saved = RunWithGraph(input, contexts, split);
        return (saved, saved.Output!.detach().DetachFromDisposeScope());
    }

    /// <summary>Adds the gradients of the layers' parameters to their buffers.</summary>
    /// <param name="saved">What the forward pass kept; disposed here.</param>
    /// <param name="gradient">The gradient of the output; not disposed here.</param>
    /// <param name="contexts">Makes the context of a layer's pass, equal to that of the forward pass.</param>
    /// <returns>The gradient of the input, or null for the model's first layer.</returns>
    public torch.Tensor? Backward(SavedPass saved, torch.Tensor gradient, PassContexts contexts)
    {
        using (saved)
        using (var pass = WithGraph(saved, contexts, split: false))
        {
            if (pass.Output!.requires_grad)
                Differentiating(contexts, () => pass.Output.backward([gradient]));
            return pass.Input.requires_grad ? pass.Input.grad!.DetachFromDisposeScope() : null;
        }
    }

    /// <summary>Adds the gradients of the layers' parameters to their buffers, but for those of linear products' weights.</summary>
    /// <param name="saved">What a split forward pass kept; disposed here.</param>
    /// <param name="gradient">The gradient of the output; not disposed here.</param>
    /// <param name="contexts">Makes the context of a layer's pass, equal to that of the forward pass.</param>
    /// <returns>The gradient of the input, or null for the model's first layer, and the weight gradients still to be added.</returns>
    public (torch.Tensor? Gradient, List<WeightProduct> Weights) InputGradient(SavedPass saved, torch.Tensor gradient, PassContexts contexts)
    {
        using (saved)
        using (var pass = WithGraph(saved, contexts, split: true))
        {
            (torch.Tensor?, List<WeightProduct>) result = (null, []);
            if (pass.Output!.requires_grad)
                Differentiating(contexts, () => result = Differentiate(pass.Input, pass.Output, pass.Deferred!, gradient));
            return result;
        }
    }

    private string Names => layers is [var only] ? $"layer '{only.Name}'" : $"layers '{layers[0].Name}' to '{layers[^1].Name}'";

    private void Differentiating(PassContexts contexts, Action differentiate)
    {
        try
        {
            differentiate();
        }
        catch (Exception e)
        {
            throw new LayerException(Names, "backward pass", contexts(layers[0].Index, null), e);
        }
    }

    private (torch.Tensor? Gradient, List<WeightProduct> Weights) Differentiate(
        torch.Tensor input, torch.Tensor output, DeferredProducts deferred, torch.Tensor gradient)
    {
        using var scope = torch.NewDisposeScope();
        torch.Tensor[] inputs = input.requires_grad ? [input] : [];
        var products = deferred.Outputs.ToList();

        // That a weight has no use beside its product is seen when its first gradient is invalid. It is not asked for again,
        // since TorchSharp counts an invalid tensor as a live one for ever.
        var parameters = _parameters.Where(p => !deferred.Holds(p) || !_onlyInProducts.Contains(p)).ToList();
        var gradients = torch.autograd.grad([output], [.. products, .. inputs, .. parameters], [gradient], allow_unused: true);
        AddToParameters(parameters.Zip(gradients.Skip(products.Count + inputs.Length)), deferred);
        var upward = gradients.Skip(products.Count).Take(inputs.Length).SingleOrDefault();
        return (upward?.DetachFromDisposeScope(), deferred.Differentiated(gradients.Take(products.Count)));
    }

    // What autograd does in BW: grad += gradient, by the same kernel.
    private void AddToParameters(IEnumerable<(torch.Tensor Parameter, torch.Tensor Gradient)> gradients, DeferredProducts deferred)
    {
        using var noGrad = torch.no_grad();
        foreach (var (parameter, gradient) in gradients)
        {
            var kept = deferred.Holds(parameter);
            if (kept && !gradient.IsInvalid)
                throw DeferredProducts.TwoUses(parameter);
            if (kept)
                _onlyInProducts.Add(parameter);
            else if (!gradient.IsInvalid)
                parameter.grad!.add_(gradient);
        }
    }

    private SavedPass WithGraph(SavedPass saved, PassContexts contexts, bool split)
    {
        if (saved.Output is not null)
            return saved;
        var start = Stopwatch.GetTimestamp();
        var again = RunWithGraph(saved.Input, contexts, split);
        DeviceExecutor.ObservePart(WorkTiming.Recompute, start);
        return again;
    }

    private SavedPass RunWithGraph(torch.Tensor input, PassContexts contexts, bool split)
    {
        Track(input);
        var deferred = split ? new DeferredProducts() : null;
        try
        {
            return new SavedPass(input, Run(input, contexts, deferred), deferred);
        }
        catch
        {
            deferred?.Dispose();
            throw;
        }
    }

    private torch.Tensor Run(torch.Tensor input, PassContexts contexts, DeferredProducts? deferred)
    {
        using var scope = torch.NewDisposeScope();
        var x = input;
        foreach (var layer in layers)
            x = Forward(layer, x, contexts, deferred);
        // A layer that hands its input on must not make one tensor have two owners.
        return (ReferenceEquals(x, input) ? x.alias() : x).DetachFromDisposeScope();
    }

    private static torch.Tensor Forward(PlacedLayer layer, torch.Tensor x, PassContexts contexts, DeferredProducts? deferred)
    {
        var context = contexts(layer.Index, deferred);
        try
        {
            return layer.Module.forward(x, context);
        }
        catch (Exception e)
        {
            throw new LayerException($"layer '{layer.Name}'", "forward pass", context, e);
        }
    }

    // The data that the first layer reads has no gradient.
    private void Track(torch.Tensor input)
    {
        if (layers[0].Index > 0)
            input.requires_grad_(true);
    }
}

/// <summary>Makes the context of a pass through a layer.</summary>
/// <param name="layer">The layer's place in the model.</param>
/// <param name="deferred">Where its linear products go when the backward pass is split, or null.</param>
internal delegate LayerContext PassContexts(int layer, DeferredProducts? deferred);
