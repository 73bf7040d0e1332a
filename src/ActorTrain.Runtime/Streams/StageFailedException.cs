using ActorTrain.Compute.Stages;

namespace ActorTrain.Runtime.Streams;

/// <summary>A stage's device work threw. The stage is in mid-step, so its state is of no more use.</summary>
/// <param name="stage">The stage's place in the pipeline.</param>
/// <param name="work">What it did, such as <c>F3@1</c>.</param>
/// <param name="step">In which step.</param>
/// <param name="cause">What was thrown.</param>
public sealed class StageFailedException(int stage, string work, long step, Exception cause)
    : Exception($"stage {stage} failed in {work} of step {step}: {MemoryShortage.Explain(cause)}", cause)
{
    /// <summary>The stage's place in the pipeline.</summary>
    public int Stage { get; } = stage;

    /// <summary>The step that it was in.</summary>
    public long Step { get; } = step;
}
