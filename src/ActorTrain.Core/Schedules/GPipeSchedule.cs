namespace ActorTrain.Core.Schedules;

/// <summary>
/// All forwards, then all backwards (Huang et al., GPipe, arXiv 1811.06965). Bubble (p − 1)/(m + p − 1), and every chunk
/// holds all m micro-batches.
/// </summary>
public sealed class GPipeSchedule : IScheduleFactory
{
    /// <inheritdoc/>
    public string Name => "gpipe";

    /// <inheritdoc/>
    public string Description => "All forwards, then all backwards; every stage holds all micro-batches of a step.";

    /// <inheritdoc/>
    public Schedule Create(ScheduleShape shape) => SingleChunkPipeline.Listed(Name, shape, _ => shape.MicroBatches);
}
