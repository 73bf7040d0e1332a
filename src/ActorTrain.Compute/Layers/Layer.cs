using TorchSharp;

namespace ActorTrain.Compute.Layers;

/// <summary>
/// The unit of the model that can be placed and moved: a <c>torch.nn</c> module with one tensor in and one out. A layer
/// knows nothing of pipelines, and computes only on the device of its input.
/// </summary>
/// <remarks>
/// A layer draws nothing from torch's process-wide random generator: initial values come from the generator that
/// <see cref="Initialize"/> gets, dropout from <see cref="LayerContext.Dropout"/>. Its linear maps go through <see cref="LayerContext.Product"/>. What a
/// custom autograd function throws in its backward pass ends the process, so it must throw nothing there.
/// </remarks>
public abstract class Layer : torch.nn.Module<torch.Tensor, LayerContext, torch.Tensor>
{
    /// <summary>Creates a layer.</summary>
    /// <param name="name">The layer's name, which its tensors in a saved model start with, such as <c>h.0</c>.</param>
    protected Layer(string name)
        : base(name)
    {
    }

    /// <summary>Sets the initial values of all parameters, on the CPU.</summary>
    /// <param name="generator">A generator seeded by (job seed, layer); the only source of randomness.</param>
    public abstract void Initialize(torch.Generator generator);

    /// <summary>
    /// Whether weight decay applies to a parameter. By default to those of two or more dimensions: matrices and
    /// embeddings, not biases and norms.
    /// </summary>
    /// <param name="name">The parameter's name within the layer.</param>
    /// <param name="parameter">The parameter.</param>
    public virtual bool Decays(string name, torch.Tensor parameter) => parameter.dim() >= 2;
}
