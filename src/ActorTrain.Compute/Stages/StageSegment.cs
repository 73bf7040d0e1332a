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
    /// <summary>Runs the layers.</summary>
    /// <param name="input">A tensor that requires no gradient; owned by the pass from now on.</param>
    /// <param name="contexts">Makes the context of a layer's pass.</param>
    /// <returns>What the backward pass needs, and the output, cut off from the graph.</returns>
    public (SavedPass Saved, torch.Tensor Output) Forward(torch.Tensor input, Func<int, LayerContext> contexts)
    {
        // The output is cut off even where there is no graph: a layer may hand its input on, and the next segment keeps
        // its input's gradient in a tensor of its own.
        if (recompute)
        {
            using var noGrad = torch.no_grad();
            using var result = Run(input, contexts);
            return (new SavedPass(input, null), result.detach().DetachFromDisposeScope());
        }

        Track(input);
        var output = Run(input, contexts);
        return (new SavedPass(input, output), output.detach().DetachFromDisposeScope());
    }

    /// <summary>Adds the gradients of the layers' parameters to their buffers.</summary>
    /// <param name="saved">What the forward pass kept; disposed here.</param>
    /// <param name="gradient">The gradient of the output; not disposed here.</param>
    /// <param name="contexts">Makes the context of a layer's pass, equal to that of the forward pass.</param>
    /// <returns>The gradient of the input, or null for the model's first layer.</returns>
    public torch.Tensor? Backward(SavedPass saved, torch.Tensor gradient, Func<int, LayerContext> contexts)
    {
        using (saved)
        {
            if (saved.Output is { } kept)
            {
                Differentiate(kept, gradient);
            }
            else
            {
                Track(saved.Input);
                using var output = Run(saved.Input, contexts);
                Differentiate(output, gradient);
            }

            return saved.Input.requires_grad ? saved.Input.grad!.DetachFromDisposeScope() : null;
        }
    }

    // Nothing is differentiable where the model begins with layers that have no parameters.
    private static void Differentiate(torch.Tensor output, torch.Tensor gradient)
    {
        if (output.requires_grad)
            output.backward([gradient]);
    }

    private torch.Tensor Run(torch.Tensor input, Func<int, LayerContext> contexts)
    {
        using var scope = torch.NewDisposeScope();
        var x = input;
        foreach (var layer in layers)
            x = layer.Module.forward(x, contexts(layer.Index));
        // A layer that hands its input on must not make one tensor have two owners.
        return (ReferenceEquals(x, input) ? x.alias() : x).DetachFromDisposeScope();
    }

    // The data that the first layer reads has no gradient.
    private void Track(torch.Tensor input)
    {
        if (layers[0].Index > 0)
            input.requires_grad_(true);
    }
}
