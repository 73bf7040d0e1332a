using System.Collections.Immutable;
using ActorTrain.Core.Training;

namespace ActorTrain.Core.Recovery;

/// <summary>What a node has of one step.</summary>
/// <param name="Step">The step.</param>
/// <param name="Progress">How far the run was after it; null when the node has only copies, which do not say.</param>
/// <param name="Layers">The layers whose snapshots it has.</param>
internal sealed record HeldSnapshots(long Step, TrainingProgress? Progress, ImmutableArray<int> Layers);
