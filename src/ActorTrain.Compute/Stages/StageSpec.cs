using System.Collections.Immutable;
using ActorTrain.Compute.Models;
using ActorTrain.Compute.Optimizers;
using ActorTrain.Core.Plans;
using ActorTrain.Core.Settings;

namespace ActorTrain.Compute.Stages;

/// <summary>What a stage is made of, before it is built on a device.</summary>
public sealed record StageSpec
{
    /// <summary>The stage's place in the pipeline (its chunk), from 0 at the data.</summary>
    public required int Index { get; init; }

    /// <summary>The whole model.</summary>
    public required ModelDefinition Model { get; init; }

    /// <summary>The stage's layers, as a range of the model's.</summary>
    public required LayerRange Layers { get; init; }

    /// <summary>For each layer of the model what its forward pass keeps.</summary>
    public required ImmutableArray<RecomputePolicy> Recompute { get; init; }

    /// <summary>Updates the parameters.</summary>
    public required IOptimizer Optimizer { get; init; }

    /// <summary>The job's seed.</summary>
    public required long Seed { get; init; }

    /// <summary>Micro-batches whose backward pass comes as B and W, since the forward pass prepares for it; the others have BW.</summary>
    public ImmutableHashSet<int> SplitMicroBatches { get; init; } = [];

    /// <summary>Whether the stage reads the data.</summary>
    public bool IsFirst => Layers.First == 0;

    /// <summary>Whether a tied weight's follower is in this stage and its owner in another.</summary>
    public bool AwaitsTiedSum => Model.Tied is { } tied && Holds(tied.Follower) && !Holds(tied.Owner);

    /// <summary>Whether the stage's output goes to the loss.</summary>
    public bool IsLast => Layers.End == Model.Layers.Count;

    private bool Holds(int layer) => layer >= Layers.First && layer < Layers.End;
}
