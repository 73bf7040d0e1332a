namespace ActorTrain.Core.Schedules;

/// <summary>
/// No fixed order: each device runs whatever is ready, backward before forward, within 1F1B's credits. With uniform
/// times it becomes 1F1B by itself; with uneven ones no device waits for an action while another of its own is ready.
/// </summary>
public sealed class ReactiveSchedule : IScheduleFactory
{
    /// <inheritdoc/>
    public string Name => "reactive";

    /// <inheritdoc/>
    public string Description => "Whatever is ready, backward before forward, within the memory of 1F1B.";

    /// <inheritdoc/>
    public Schedule Create(ScheduleShape shape) =>
        SingleChunkPipeline.Reactive(Name, shape, SingleChunkPipeline.DistanceToLoss(shape));
}
