using ActorTrain.Compute.Devices;
using ActorTrain.Compute.Stages;
using ActorTrain.Compute.Training;
using ActorTrain.Core.Training;

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

    /// <summary>Is told after each update, on the device's thread; returns at once.</summary>
    public required Action<StageUpdated> Updated { get; init; }

    /// <summary>Does what a verdict says. Runs on the device's thread.</summary>
    public void Update(VerdictMessage message)
    {
        var verdict = message.Verdict;
        Stage.Update(verdict, message.TiedSum);
        Updated(new StageUpdated(
            Spec.Index,
            verdict,
            verdict.Checkpoint ? Stage.Snapshot() : [],
            HashLayers ? [.. Stage.Layers.Select(l => new LayerHashed(verdict.Step, l.Index, l.Name, WeightsDigest.Of(l.Parameters)))] : []));
    }
}
