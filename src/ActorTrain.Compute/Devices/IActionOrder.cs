using ActorTrain.Core.Schedules;

namespace ActorTrain.Compute.Devices;

/// <summary>Decides which of the actions that are ready a device runs next. Used under the executor's lock.</summary>
public interface IActionOrder
{
    /// <summary>Picks an action, or none when it is right to wait.</summary>
    /// <param name="ready">The actions whose input is there.</param>
    /// <param name="next">The action to run now.</param>
    bool TryNext(IReadOnlyCollection<PipelineAction> ready, out PipelineAction next);

    /// <summary>Takes note that an action has run.</summary>
    void Completed(PipelineAction action);
}
