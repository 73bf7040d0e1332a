using System.Collections.Immutable;
using ActorTrain.Compute.Stages;

namespace ActorTrain.Runtime.Cluster.Jobs;

/// <summary>A stage's layers after a step have arrived. Owns the snapshots.</summary>
/// <param name="Step">The step.</param>
/// <param name="Layers">The layers.</param>
internal sealed record SnapshotReceived(long Step, ImmutableArray<LayerSnapshot> Layers);
