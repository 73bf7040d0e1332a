namespace ActorTrain.Core.Schedules;

/// <summary>
/// No fixed order: each device runs whatever is ready, input gradients before forwards before weight gradients, within
/// 1F1B's credits. Weight gradients, for which nobody waits, fill what would be idle time: with whole backward passes a
/// device that does not wait for the next action of 1F1B gains nothing, for it is then in the midst of another when that comes.
/// </summary>
public sealed class ReactiveSchedule : IScheduleFactory
{
    /// <inheritdoc/>
    public string Name => "reactive";

    /// <inheritdoc/>
    public string Description => "Whatever is ready, with weight gradients in the gaps, within the memory of 1F1B.";

    /// <inheritdoc/>
    public Schedule Create(ScheduleShape shape) =>
        SingleChunkPipeline.Reactive(Name, shape, SingleChunkPipeline.DistanceToLoss(shape));
}
