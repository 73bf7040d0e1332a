using System.Collections.Immutable;
using ActorTrain.Core.Training;

namespace ActorTrain.Core.Recovery;

/// <summary>What a node has of one step.</summary>
/// <param name="Progress">How far the run was after it.</param>
/// <param name="Layers">The layers whose snapshots it has.</param>
internal sealed record HeldSnapshots(TrainingProgress Progress, ImmutableArray<int> Layers)
{
    /// <summary>The step.</summary>
    public long Step => Progress.Step;
}
