using System.Collections.Immutable;
using ActorTrain.Compute.Stages;
using ActorTrain.Core.Training;
using ActorTrain.Runtime.Streams;

namespace ActorTrain.Runtime.Actors;

/// <summary>What a job, its stages and its checkpoint writer tell each other.</summary>
internal interface IJobMessage;

/// <summary>A stage is built and can be put into the stream.</summary>
internal sealed record StageReady(int Stage, StageFlow Flow) : IJobMessage;

/// <summary>Asks a stage for its layers' state.</summary>
internal sealed record TakeSnapshot : IJobMessage;

/// <summary>A stage's layers' state. Owns the snapshots.</summary>
internal sealed record SnapshotTaken(int Stage, ImmutableArray<LayerSnapshot> Layers) : IJobMessage;

/// <summary>A stage actor threw; its supervisor stopped it.</summary>
internal sealed record StageStopped(Exception Cause) : IJobMessage;

/// <summary>Layers of one stage for the checkpoint of a step. Owns the snapshots.</summary>
internal sealed record CheckpointPart(TrainingProgress Progress, ImmutableArray<LayerSnapshot> Layers) : IJobMessage;

/// <summary>A checkpoint is on disk.</summary>
internal sealed record CheckpointDone(long Step, string Path) : IJobMessage;

/// <summary>A checkpoint could not be written.</summary>
internal sealed record CheckpointFailed(long Step, Exception Cause) : IJobMessage;

/// <summary>The stream has ended: all steps are done.</summary>
internal sealed record StreamFinished : IJobMessage;

/// <summary>The stream has failed.</summary>
internal sealed record StreamFailed(Exception Cause) : IJobMessage;
