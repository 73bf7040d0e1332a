using ActorTrain.Compute.Models;
using TorchSharp;

namespace ActorTrain.Compute.Layers;

/// <summary>
/// A layer on a device. Its parameters are views of one flat buffer, their gradients views of another, and the optimizer
/// keeps its state in further buffers of the same length, so that steps, norms, snapshots and moves work on whole
/// buffers. Parameters under weight decay come first.
/// </summary>
/// <remarks>Only the thread of the layer's device may use it.</remarks>
public sealed class PlacedLayer : IDisposable
{
    private PlacedLayer(int index, Layer module, IReadOnlyList<ParameterSlot> slots, long decayedLength, torch.Device device, int stateBuffers)
    {
        Index = index;
        Module = module;
        Slots = slots;
        Length = slots.Sum(s => s.Length);
        DecayedLength = decayedLength;
        Parameters = torch.zeros(Length, torch.float32, device).DetachFromDisposeScope();
        Gradients = torch.zeros(Length, torch.float32, device).DetachFromDisposeScope();
        OptimizerState = [.. Enumerable.Range(0, stateBuffers).Select(_ => torch.zeros(Length, torch.float32, device).DetachFromDisposeScope())];
    }

    /// <summary>The layer's place in the model, from 0 at the data.</summary>
    public int Index { get; }

    /// <summary>The layer's name in the model.</summary>
    public string Name => Module.GetName();

    /// <summary>The module, whose parameters are views of <see cref="Parameters"/>.</summary>
    public Layer Module { get; }

    /// <summary>Where each parameter lies.</summary>
    public IReadOnlyList<ParameterSlot> Slots { get; }

    /// <summary>Values in each buffer.</summary>
    public long Length { get; }

    /// <summary>The first values, up to here, are under weight decay.</summary>
    public long DecayedLength { get; }

    /// <summary>All parameters, float32 <c>[Length]</c>.</summary>
    public torch.Tensor Parameters { get; }

    /// <summary>The sum of the gradients of the step's micro-batches so far, float32 <c>[Length]</c>.</summary>
    public torch.Tensor Gradients { get; }

    /// <summary>The optimizer's buffers, float32 <c>[Length]</c> each, zero at first.</summary>
    public IReadOnlyList<torch.Tensor> OptimizerState { get; }

    /// <summary>Builds a layer with its initial values, which depend only on the seed and the layer's place.</summary>
    /// <param name="definition">What to build.</param>
    /// <param name="index">The layer's place in the model.</param>
    /// <param name="seed">The job's seed.</param>
    /// <param name="device">Where the buffers live.</param>
    /// <param name="stateBuffers">Buffers that the optimizer keeps.</param>
    public static PlacedLayer Build(LayerDefinition definition, int index, long seed, torch.Device device, int stateBuffers)
    {
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        var module = definition.Create();
        using var generator = new torch.Generator(RandomKey.Mix((ulong)seed, (ulong)index, InitialValues), torch.CPU);
        module.Initialize(generator);
        module.to(device);

        var parameters = module.named_parameters().ToList();
        var ordered = parameters.OrderBy(p => module.Decays(p.name, p.parameter) ? 0 : 1).ToList();
        var decayed = parameters.Where(p => module.Decays(p.name, p.parameter)).Sum(p => p.parameter.numel());
        var slots = new List<ParameterSlot>();
        foreach (var (name, parameter) in ordered)
            slots.Add(new ParameterSlot(name, slots.Sum(s => s.Length), parameter.shape));

        var layer = new PlacedLayer(index, module, slots, decayed, device, stateBuffers);
        foreach (var (slot, (_, parameter)) in slots.Zip(ordered))
        {
            var view = View(layer.Parameters, slot);
            view.copy_(parameter);
            parameter.set_(view);
            parameter.grad = View(layer.Gradients, slot);
            parameter.DetachFromDisposeScope();
        }

        foreach (var (_, buffer) in module.named_buffers())
            buffer.DetachFromDisposeScope();
        return layer;
    }

    /// <summary>The slot of a parameter.</summary>
    /// <param name="name">The parameter's name within the layer.</param>
    /// <exception cref="ArgumentException">The layer has no such parameter.</exception>
    public ParameterSlot Slot(string name) =>
        Slots.FirstOrDefault(s => s.Name == name)
        ?? throw new ArgumentException($"layer '{Name}' has no parameter '{name}'; it has: {string.Join(", ", Slots.Select(s => s.Name))}", nameof(name));

    /// <summary>A parameter's part of one of its layer's buffers, in the parameter's shape. The caller disposes it.</summary>
    /// <param name="buffer">Such as <see cref="Gradients"/>.</param>
    /// <param name="slot">The parameter.</param>
    public static torch.Tensor View(torch.Tensor buffer, ParameterSlot slot)
    {
        using var flat = buffer.narrow(0, slot.Offset, slot.Length);
        return flat.view([.. slot.Shape]);
    }

    /// <summary>Frees the buffers and the module.</summary>
    public void Dispose()
    {
        Module.Dispose();
        Parameters.Dispose();
        Gradients.Dispose();
        foreach (var buffer in OptimizerState)
            buffer.Dispose();
    }

    // Keeps the key of initial values apart from that of any step's dropout.
    private const ulong InitialValues = 0x1417A1;
}
