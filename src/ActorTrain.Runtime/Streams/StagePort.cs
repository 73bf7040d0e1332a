using ActorTrain.Compute.Devices;
using ActorTrain.Compute.Stages;
using ActorTrain.Compute.Training;
using ActorTrain.Core.Training;
using TorchSharp;

namespace ActorTrain.Runtime.Streams;

/// <summary>A built stage as its stream sees it.</summary>
internal sealed record StagePort
{
    /// <summary>The stage; used only on the device's thread.</summary>
    public required Stage Stage { get; init; }

    /// <summary>What it was built from.</summary>
    public required StageSpec Spec { get; init; }

    /// <summary>The device that runs it.</summary>
    public required DeviceExecutor Executor { get; init; }

    /// <summary>Micro-batches that the stage may hold at a time.</summary>
    public required int Credits { get; init; }

    /// <summary>Micro-batches of a step.</summary>
    public required int MicroBatches { get; init; }

    /// <summary>Whether layers are hashed after each step.</summary>
    public required bool HashLayers { get; init; }

    /// <summary>
    /// Whether an edge of the pipeline crosses nodes: then what leaves the stage is a contiguous tensor on the CPU, made so
    /// on the device's thread, for an edge's threads do not wait for devices.
    /// </summary>
    public bool Remote { get; init; }

    /// <summary>Gives the memory for snapshots, or null for new memory each time.</summary>
    public SnapshotMemory? SnapshotMemory { get; init; }

    /// <summary>Is told after each update, on the device's thread; returns at once.</summary>
    public required Action<StageUpdated> Updated { get; init; }

    /// <summary>A tensor as it leaves the stage; takes the one that it is made of. Runs on the device's thread.</summary>
    public torch.Tensor Leaving(torch.Tensor tensor)
    {
        if (!Remote || (tensor.device.type == DeviceType.CPU && tensor.is_contiguous()))
            return tensor;
        using (tensor)
        {
            using var onHost = tensor.to(torch.CPU);
            return onHost.contiguous().DetachFromDisposeScope();
        }
    }

    /// <summary>Does what a verdict says. Runs on the device's thread.</summary>
    public void Update(VerdictMessage message)
    {
        var verdict = message.Verdict;
        Stage.Update(verdict, message.TiedSum);
        Updated(new StageUpdated(
            Spec.Index,
            verdict,
            verdict.Checkpoint || verdict.Snapshot ? Stage.Snapshot(SnapshotMemory) : [],
            HashLayers ? [.. Stage.Layers.Select(l => new LayerHashed(verdict.Step, l.Index, l.Name, WeightsDigest.Of(l.Parameters)))] : []));
    }
}
