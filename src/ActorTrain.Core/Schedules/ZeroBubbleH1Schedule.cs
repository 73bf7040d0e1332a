namespace ActorTrain.Core.Schedules;

/// <summary>
/// 1F1B with B and W apart: stage i runs W i micro-batches late, so that the gradients travel up sooner and the W fill the
/// end of the step (Qi et al., Zero Bubble, arXiv 2401.10241, section 2.1). With times F, B and W of a micro-batch the
/// bubble takes (p − 1)(F + B − W), a third of 1F1B's where the three are equal. Every stage holds up to p micro-batches,
/// as 1F1B's first.
/// </summary>
public sealed class ZeroBubbleH1Schedule : IScheduleFactory
{
    /// <inheritdoc/>
    public string Name => "zb-h1";

    /// <inheritdoc/>
    public string Description => "1F1B with weight gradients put off: a third of its bubble; every stage holds up to p micro-batches.";

    /// <inheritdoc/>
    public Schedule Create(ScheduleShape shape) =>
        SingleChunkPipeline.Split(Name, shape, chunk => shape.Devices - chunk, chunk => chunk);
}
