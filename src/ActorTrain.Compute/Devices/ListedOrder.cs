using System.Collections.Immutable;
using ActorTrain.Core.Schedules;

namespace ActorTrain.Compute.Devices;

/// <summary>A schedule's list, step after step: the device waits until the next action on it is ready.</summary>
/// <param name="actions">The device's actions of one step.</param>
public sealed class ListedOrder(ImmutableArray<PipelineAction> actions) : IActionOrder
{
    private int _position;

    /// <inheritdoc/>
    public bool TryNext(IReadOnlyCollection<PipelineAction> ready, out PipelineAction next)
    {
        next = actions[_position];
        return ready.Contains(next);
    }

    /// <inheritdoc/>
    public void Completed(PipelineAction action) => _position = (_position + 1) % actions.Length;
}
