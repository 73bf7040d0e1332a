using ActorTrain.Compute.Models;
using ActorTrain.Compute.Training;
using ActorTrain.Core.Data;
using TorchSharp;

namespace ActorTrain.Compute.Stages;

/// <summary>What closes the pipeline: the loss of a micro-batch and the gradient of the last layer's output.</summary>
/// <param name="job">The job.</param>
/// <param name="device">The last stage's device.</param>
public sealed class LossStage(ResolvedJob job, torch.Device device)
{
    private readonly ILoss _loss = job.Model.Loss;
    private readonly long _labels = job.LabelsPerStep;

    /// <summary>The loss and the gradient of a micro-batch, both scaled by the labels of the whole global batch.</summary>
    /// <param name="outputs">The last layer's output; taken.</param>
    /// <param name="labels">What it is compared with.</param>
    /// <returns>The micro-batch's share of the step's mean loss, and the gradient, which the caller owns.</returns>
    public (double Share, torch.Tensor Gradient) Run(Activation outputs, HostTensor labels)
    {
        using var scope = torch.NewDisposeScope();
        using var leaf = outputs.Take(device);
        leaf.requires_grad_(true);
        using var expected = Activation.ToTensor(labels, device);
        var share = _loss.Sum(leaf, expected).div(_labels);
        share.backward();
        return (share.item<float>(), leaf.grad!.DetachFromDisposeScope());
    }
}
