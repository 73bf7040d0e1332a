using System.Collections.Immutable;
using ActorTrain.Core.Training;

namespace ActorTrain.Compute.Checkpoints;

/// <summary>What a checkpoint holds. A directory that has it under its hash is complete.</summary>
/// <param name="Format">The version of this format; 1.</param>
/// <param name="Job">The job's name.</param>
/// <param name="Seed">The job's seed.</param>
/// <param name="Optimizer">The optimizer's short name.</param>
/// <param name="NumericsClass">The numerics class that the bits depend on.</param>
/// <param name="Progress">How far the run was.</param>
/// <param name="Layers">The layers, in their order.</param>
public sealed record CheckpointManifest(
    int Format,
    string Job,
    long Seed,
    string Optimizer,
    string NumericsClass,
    TrainingProgress Progress,
    ImmutableArray<CheckpointLayer> Layers)
{
    /// <summary>The version that this program writes and reads.</summary>
    public const int CurrentFormat = 1;
}
