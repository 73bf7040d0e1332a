namespace ActorTrain.Core.Schedules;

/// <summary>
/// One forward, one backward in turn, after a warm-up of forwards (Narayanan et al., PipeDream-Flush, arXiv 2006.09503).
/// GPipe's bubble, (p − 1)/(m + p − 1), but chunk i holds at most p − i micro-batches.
/// </summary>
public sealed class OneForwardOneBackwardSchedule : IScheduleFactory
{
    /// <inheritdoc/>
    public string Name => "1f1b";

    /// <inheritdoc/>
    public string Description => "One forward, one backward in turn; GPipe's bubble, and stage i holds at most p - i micro-batches.";

    /// <inheritdoc/>
    public Schedule Create(ScheduleShape shape) =>
        SingleChunkPipeline.Listed(Name, shape, SingleChunkPipeline.DistanceToLoss(shape));
}
