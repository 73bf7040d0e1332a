using ActorTrain.Compute.Devices;
using ActorTrain.Compute.Stages;

namespace ActorTrain.Runtime.Actors;

/// <summary>What a stage actor is made of.</summary>
internal sealed record StageSettings
{
    /// <summary>The stage.</summary>
    public required StageSpec Spec { get; init; }

    /// <summary>The device that runs it.</summary>
    public required DeviceExecutor Executor { get; init; }

    /// <summary>Micro-batches that the stage may hold at a time.</summary>
    public required int Credits { get; init; }

    /// <summary>Micro-batches of a step.</summary>
    public required int MicroBatches { get; init; }

    /// <summary>Whether layers are hashed after each step.</summary>
    public required bool HashLayers { get; init; }

    /// <summary>Whether the stage has an edge to another node.</summary>
    public required bool Remote { get; init; }

    /// <summary>Gives the memory for snapshots, or null for new memory each time.</summary>
    public SnapshotMemory? SnapshotMemory { get; init; }

    /// <summary>The state that the stage starts from, by layer; null for initial values. Not disposed by the stage.</summary>
    public required IReadOnlyDictionary<int, LayerSnapshot>? State { get; init; }
}
