using ActorTrain.Compute.Stages;
using ActorTrain.Core.Training;
using TorchSharp;

namespace ActorTrain.Runtime.Streams;

/// <summary>What goes up the pipeline, from the loss to the data. Owns its tensors until a stage takes them.</summary>
/// <param name="Step">The step, from 1.</param>
internal abstract record UpMessage(long Step) : IDisposable
{
    public abstract void Dispose();
}

/// <summary>The gradient of the receiving stage's output for a micro-batch.</summary>
internal sealed record GradientMessage(long Step, int MicroBatch, Activation Gradient) : UpMessage(Step)
{
    public override void Dispose() => Gradient.Dispose();
}

/// <summary>Comes behind a step's last gradient: what the stages below report, and a tied follower's gradient.</summary>
internal sealed record ReportMessage(StepReport Report, torch.Tensor? TiedGradient) : UpMessage(Report.Step)
{
    public override void Dispose() => TiedGradient?.Dispose();
}
