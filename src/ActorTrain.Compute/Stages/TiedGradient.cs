using ActorTrain.Compute.Layers;
using ActorTrain.Compute.Models;
using TorchSharp;

namespace ActorTrain.Compute.Stages;

/// <summary>
/// A stage's part in a tied weight. The owner adds the follower's gradient to its own, always in this order, and both
/// sides then update their copies from the same sum.
/// </summary>
internal sealed class TiedGradient
{
    private readonly PlacedLayer? _owner;
    private readonly ParameterSlot? _ownerSlot;
    private readonly PlacedLayer? _follower;
    private readonly ParameterSlot? _followerSlot;

    private TiedGradient(TiedParameter tied, PlacedLayer? owner, PlacedLayer? follower)
    {
        (_owner, _follower) = (owner, follower);
        _ownerSlot = owner?.Slot(tied.OwnerParameter);
        _followerSlot = follower?.Slot(tied.FollowerParameter);
    }

    /// <summary>The part that a stage with these layers has, or null for a stage between the two sides.</summary>
    public static TiedGradient? Find(TiedParameter tied, IReadOnlyList<PlacedLayer> layers)
    {
        var owner = layers.FirstOrDefault(l => l.Index == tied.Owner);
        var follower = layers.FirstOrDefault(l => l.Index == tied.Follower);
        return owner is null && follower is null ? null : new TiedGradient(tied, owner, follower);
    }

    /// <summary>Sums what this stage can sum; returns what stages above and below wait for.</summary>
    /// <param name="fromBelow">The follower's gradient from another stage, or null; disposed.</param>
    public (torch.Tensor? Upward, torch.Tensor? Downward) Combine(torch.Tensor? fromBelow)
    {
        using var received = fromBelow;
        if (_owner is null)
            return (CopyOut(_follower!, _followerSlot!), null);

        using var sum = PlacedLayer.View(_owner.Gradients, _ownerSlot!);
        if (_follower is null)
        {
            var below = received ?? throw new InvalidOperationException("the tied weight's other gradient has not arrived");
            using var local = below.to(sum.device);
            sum.add_(local);
            return (null, CopyOut(_owner, _ownerSlot!));
        }

        using var own = PlacedLayer.View(_follower.Gradients, _followerSlot!);
        sum.add_(own);
        own.copy_(sum);
        return (null, null);
    }

    /// <summary>Takes the sum at a follower whose owner is in another stage.</summary>
    /// <param name="sum">The sum, or null at every other stage; disposed.</param>
    public void Receive(torch.Tensor? sum)
    {
        if (_owner is not null || _follower is null)
            return;
        using var received = sum ?? throw new InvalidOperationException("the tied weight's summed gradient has not arrived");
        using var own = PlacedLayer.View(_follower.Gradients, _followerSlot!);
        own.copy_(received);
    }

    /// <summary>The parts of a layer's buffer that count in the global norm: all but the follower's copy.</summary>
    public IReadOnlyList<(long Offset, long Length)> CountedParts(PlacedLayer layer)
    {
        if (layer != _follower)
            return [(0, layer.Length)];
        var end = _followerSlot!.Offset + _followerSlot.Length;
        var parts = new[] { (0L, _followerSlot.Offset), (end, layer.Length - end) };
        return [.. parts.Where(p => p.Item2 > 0)];
    }

    private static torch.Tensor CopyOut(PlacedLayer layer, ParameterSlot slot)
    {
        using var view = PlacedLayer.View(layer.Gradients, slot);
        return view.clone().DetachFromDisposeScope();
    }
}
