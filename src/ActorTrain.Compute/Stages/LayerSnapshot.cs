using ActorTrain.Compute.Layers;
using TorchSharp;

namespace ActorTrain.Compute.Stages;

/// <summary>
/// A layer's complete state at a step boundary, in host memory. Owns its tensors, which belong to no dispose scope.
/// </summary>
/// <param name="Layer">The layer's place in the model.</param>
/// <param name="Name">The layer's name.</param>
/// <param name="Slots">Where each parameter lies in the buffers.</param>
/// <param name="Parameters">All parameters, float32 <c>[length]</c>.</param>
/// <param name="OptimizerState">The optimizer's buffers, float32 <c>[length]</c> each.</param>
public sealed record LayerSnapshot(
    int Layer,
    string Name,
    IReadOnlyList<ParameterSlot> Slots,
    torch.Tensor Parameters,
    IReadOnlyList<torch.Tensor> OptimizerState) : IDisposable
{
    /// <summary>Where the buffers came from and go back to, or null when they are freed in the end.</summary>
    public SnapshotMemory? Memory { get; init; }

    /// <summary>What its buffers take.</summary>
    public long Bytes => sizeof(float) * Parameters.numel() * (1L + OptimizerState.Count);

    /// <summary>Copies a layer's state. Runs on the thread of the layer's device.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="memory">Gives the memory for it, or null for new memory.</param>
    public static LayerSnapshot Take(PlacedLayer layer, SnapshotMemory? memory = null) =>
        new(
            layer.Index,
            layer.Name,
            layer.Slots,
            Copy(layer.Parameters, memory),
            [.. layer.OptimizerState.Select(buffer => Copy(buffer, memory))])
        {
            Memory = memory,
        };

    /// <summary>Replaces a layer's state. Runs on the thread of the layer's device.</summary>
    /// <exception cref="ArgumentException">The snapshot is of another layer, or of another optimizer.</exception>
    public void ApplyTo(PlacedLayer layer)
    {
        if (layer.Name != Name || layer.Length != Parameters.numel() || layer.OptimizerState.Count != OptimizerState.Count)
            throw new ArgumentException(
                $"the snapshot of layer '{Name}' ({Parameters.numel()} values, {OptimizerState.Count} optimizer buffers) does not fit " +
                $"layer '{layer.Name}' ({layer.Length} values, {layer.OptimizerState.Count} buffers)",
                nameof(layer));
        using var noGrad = torch.no_grad();
        layer.Parameters.copy_(Parameters);
        foreach (var (target, source) in layer.OptimizerState.Zip(OptimizerState))
            target.copy_(source);
    }

    /// <summary>A copy in new memory, which the caller owns.</summary>
    public LayerSnapshot Duplicate() => this with
    {
        Parameters = Copy(Parameters, null),
        OptimizerState = [.. OptimizerState.Select(buffer => Copy(buffer, null))],
        Memory = null,
    };

    /// <summary>Frees the copies, or gives their memory back.</summary>
    public void Dispose()
    {
        foreach (var buffer in OptimizerState.Prepend(Parameters))
        {
            if (Memory is null)
                buffer.Dispose();
            else
                Memory.Return(buffer);
        }
    }

    private static torch.Tensor Copy(torch.Tensor buffer, SnapshotMemory? memory)
    {
        using var noGrad = torch.no_grad();
        var copy = memory?.Rent(buffer.numel()) ?? torch.empty_like(buffer, device: torch.CPU).DetachFromDisposeScope();
        copy.copy_(buffer);
        return copy;
    }
}
