using System.Collections.Immutable;
using ActorTrain.Compute.Stages;
using ActorTrain.Core.Training;

namespace ActorTrain.Runtime.Cluster.Snapshots;

/// <summary>Snapshots that somebody reads; the store may forget them meanwhile.</summary>
/// <param name="progress">How far the run was.</param>
/// <param name="shared">The snapshots, shared for this use.</param>
internal sealed class SnapshotUse(TrainingProgress progress, ImmutableArray<SharedSnapshot> shared) : IDisposable
{
    /// <summary>How far the run was.</summary>
    public TrainingProgress Progress => progress;

    /// <summary>The snapshots, in the order asked for.</summary>
    public ImmutableArray<LayerSnapshot> Layers => [.. shared.Select(s => s.Snapshot)];

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var snapshot in shared)
            snapshot.Release();
    }
}
