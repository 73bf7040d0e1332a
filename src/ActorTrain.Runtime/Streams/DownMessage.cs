using ActorTrain.Compute.Stages;
using ActorTrain.Core.Training;
using TorchSharp;

namespace ActorTrain.Runtime.Streams;

/// <summary>What goes down the pipeline, from the data to the loss. Owns its tensors until a stage takes them.</summary>
/// <param name="Step">The step, from 1.</param>
internal abstract record DownMessage(long Step) : IDisposable
{
    public abstract void Dispose();
}

/// <summary>The input of a micro-batch's forward pass.</summary>
internal sealed record ForwardMessage(long Step, int MicroBatch, Activation Activation) : DownMessage(Step)
{
    public override void Dispose() => Activation.Dispose();
}

/// <summary>What all stages do at the end of a step, with a tied weight's summed gradient on its way to the follower.</summary>
internal sealed record VerdictMessage(Verdict Verdict, torch.Tensor? TiedSum) : DownMessage(Verdict.Step)
{
    public override void Dispose() => TiedSum?.Dispose();
}
