using System.Collections.Immutable;
using ActorTrain.Compute.Stages;
using ActorTrain.Core.Generations;
using ActorTrain.Core.Training;

namespace ActorTrain.Runtime.Cluster.Jobs;

/// <summary>All layers of a step have arrived for a checkpoint. Owns the snapshots.</summary>
/// <param name="Generation">The generation that fetched them.</param>
/// <param name="Progress">How far the run was.</param>
/// <param name="Layers">The layers.</param>
internal sealed record CheckpointGathered(Generation Generation, TrainingProgress Progress, ImmutableArray<LayerSnapshot> Layers);
