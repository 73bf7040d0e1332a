using ActorTrain.Compute.Checkpoints;
using ActorTrain.Core.Training;

namespace ActorTrain.Compute.Training;

/// <summary>A run of a job: where it starts, where its files go and who follows it.</summary>
public sealed record TrainingRequest
{
    /// <summary>The job.</summary>
    public required ResolvedJob Job { get; init; }

    /// <summary>Where checkpoints go.</summary>
    public required CheckpointStore Checkpoints { get; init; }

    /// <summary>Where the run goes on from; null to start from the beginning. Not disposed by the run.</summary>
    public Checkpoint? ResumeFrom { get; init; }

    /// <summary>Is told what happens, one event at a time.</summary>
    public required Action<TrainingEvent> Events { get; init; }

    /// <summary>What is asked of the run while it goes on.</summary>
    public RunControl Control { get; init; } = new();

    /// <summary>Whether each layer's parameters are hashed after each step.</summary>
    public bool HashLayers { get; init; }

    /// <summary>How far the run is before its first step.</summary>
    public TrainingProgress Progress => ResumeFrom?.Manifest.Progress ?? TrainingProgress.Start;
}
