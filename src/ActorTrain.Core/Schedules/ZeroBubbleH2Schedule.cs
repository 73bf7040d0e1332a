namespace ActorTrain.Core.Schedules;

/// <summary>
/// More forwards before the first backward, and W put off for longer (Qi et al., Zero Bubble, arXiv 2401.10241, section
/// 2.2). With equal times and m ≥ 2p − 1 no device waits between its first and its last action, and each stage holds up
/// to 2p − 1 micro-batches. Fewer micro-batches make it less and less different from ZB-H1, until they are the same at p.
/// </summary>
/// <remarks>
/// Stage i starts and ends i forwards later than stage 0, so steps fit together without a gap only when no stage waits for
/// a verdict on all gradients before its optimizer step (section 4 there). With the verdict it takes what ZB-H1 takes.
/// </remarks>
public sealed class ZeroBubbleH2Schedule : IScheduleFactory
{
    /// <inheritdoc/>
    public string Name => "zb-h2";

    /// <inheritdoc/>
    public string Description => "No bubble within a step, for up to 2p - 1 micro-batches on every stage; needs no clipping to be worth it.";

    /// <inheritdoc/>
    public Schedule Create(ScheduleShape shape)
    {
        var p = shape.Devices;
        var more = Math.Max(0, shape.MicroBatches - p);
        return SingleChunkPipeline.Split(
            Name, shape, chunk => p - chunk + Math.Min(more, p - 1 - chunk), chunk => chunk + Math.Min(more, chunk));
    }
}
