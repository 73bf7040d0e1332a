using System.Collections.Immutable;
using ActorTrain.Compute.Stages;
using ActorTrain.Core.Training;

namespace ActorTrain.Runtime.Streams;

/// <summary>A stage has done what a verdict said. Owns the snapshots.</summary>
/// <param name="Stage">The stage's place in the pipeline.</param>
/// <param name="Verdict">What it did.</param>
/// <param name="Snapshots">The stage's layers after the step when a checkpoint or a snapshot is due; otherwise empty.</param>
/// <param name="Hashes">The layers' hashes when they are wanted; otherwise empty.</param>
internal sealed record StageUpdated(
    int Stage,
    Verdict Verdict,
    ImmutableArray<LayerSnapshot> Snapshots,
    ImmutableArray<LayerHashed> Hashes);
