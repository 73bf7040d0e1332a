namespace ActorTrain.Core.Settings;

/// <summary>A whole training run, read from <c>actortrain.job</c>. Immutable, and valid once it exists.</summary>
public sealed record JobSettings
{
    /// <summary>The job's name, which is part of its run directory.</summary>
    public required string Name { get; init; }

    /// <summary>The seed of everything random.</summary>
    public required long Seed { get; init; }

    /// <summary>Optimizer steps.</summary>
    public required long Steps { get; init; }

    /// <summary>Refuse to mix numerics classes (true), or only say so in the log.</summary>
    public required bool StrictNumerics { get; init; }

    /// <summary>The model: <c>type</c> and the keys of that type.</summary>
    public required PluginSettings Model { get; init; }

    /// <summary>The data source: <c>type</c> and the keys of that type.</summary>
    public required PluginSettings Data { get; init; }

    /// <summary>How a step's batch is cut.</summary>
    public required BatchSettings Batch { get; init; }

    /// <summary>The optimizer: <c>type</c> and the keys of that type.</summary>
    public required PluginSettings Optimizer { get; init; }

    /// <summary>The greatest global gradient norm, or null for no clipping (<c>optimizer.clip-norm</c>).</summary>
    public required double? ClipNorm { get; init; }

    /// <summary>How many steps in a row may be skipped for gradients that are not finite (<c>optimizer.max-skipped-steps</c>).</summary>
    public required int MaxSkippedSteps { get; init; }

    /// <summary>How many steps of the whole run may be skipped, or null for any number (<c>optimizer.max-skipped-in-all</c>).</summary>
    public int? MaxSkippedInAll { get; init; }

    /// <summary>The learning rate over the steps: <c>type</c> and the keys of that type.</summary>
    public required PluginSettings LearningRateSchedule { get; init; }

    /// <summary>Devices, schedule, recompute and partition.</summary>
    public required PipelineSettings Pipeline { get; init; }

    /// <summary>How tensors travel between nodes.</summary>
    public required WireSettings Wire { get; init; }

    /// <summary>When checkpoints are written and how many are kept.</summary>
    public required CheckpointSettings Checkpoint { get; init; }

    /// <summary>How often nodes keep copies of the run's state, and where.</summary>
    public required SnapshotSettings Snapshot { get; init; }

    /// <summary>How often a run may be set back.</summary>
    public required RecoverySettings Recovery { get; init; }

    /// <summary>What the devices of a cluster tell of the run.</summary>
    public required TraceSettings Trace { get; init; }

    /// <summary>TensorBoard's event files.</summary>
    public required TensorBoardSettings TensorBoard { get; init; }

    /// <summary>Where the run's files go.</summary>
    public required RunSettings Run { get; init; }

    /// <summary>The directory of the job file, or the one given with a job's text, which relative paths in it start from when they do not exist from the current one.</summary>
    public required string BaseDirectory { get; init; }

    /// <summary>
    /// The whole <c>actortrain</c> section in HOCON with overrides and defaults in place, those of the plug-ins' types
    /// included. It can be loaded again and gives an equal job; kept in the run directory.
    /// </summary>
    public required string Resolved { get; init; }
}
