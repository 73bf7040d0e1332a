using System.Collections.Immutable;

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

    /// <summary>The learning rate over the steps: <c>type</c> and the keys of that type.</summary>
    public required PluginSettings LearningRateSchedule { get; init; }

    /// <summary>Devices, schedule, recompute and partition.</summary>
    public required PipelineSettings Pipeline { get; init; }

    /// <summary>When checkpoints are written and how many are kept.</summary>
    public required CheckpointSettings Checkpoint { get; init; }

    /// <summary>Where the run's files go.</summary>
    public required RunSettings Run { get; init; }

    /// <summary>The directory of the job file, which relative paths in it start from when they do not exist from the current one.</summary>
    public required string BaseDirectory { get; init; }

    /// <summary>The whole resolved <c>actortrain.job</c> section in HOCON, as it is kept in the run directory.</summary>
    public required string Resolved { get; init; }
}

/// <summary>A section whose keys belong to a plug-in.</summary>
/// <param name="Type">The plug-in's short name.</param>
/// <param name="Reader">The section with the type's defaults, for the plug-in to read and check.</param>
public sealed record PluginSettings(string Type, SettingsReader Reader);

/// <summary>How a step's batch is cut.</summary>
/// <param name="Sequences">Sequences (or images) of the global batch.</param>
/// <param name="MicroBatches">Micro-batches of a step; divides <paramref name="Sequences"/>.</param>
public sealed record BatchSettings(int Sequences, int MicroBatches);

/// <summary>Devices, schedule, recompute and partition.</summary>
/// <param name="Devices">The devices in pipeline order, such as <c>cpu:0</c>; null for <c>auto</c>.</param>
/// <param name="Schedule">The schedule's short name.</param>
/// <param name="Recompute">One policy for all layers, or one for each.</param>
/// <param name="Partition">The number of layers of each stage; null for <c>auto</c>.</param>
public sealed record PipelineSettings(
    ImmutableArray<string>? Devices,
    string Schedule,
    ImmutableArray<RecomputePolicy> Recompute,
    ImmutableArray<int>? Partition);

/// <summary>What a layer keeps from its forward pass for its backward pass.</summary>
public enum RecomputePolicy
{
    /// <summary>Everything that the backward pass needs.</summary>
    None,

    /// <summary>Only the layer's input; the backward pass runs the forward pass again (Chen et al., arXiv 1604.06174).</summary>
    Full,
}

/// <summary>When checkpoints are written and how many are kept.</summary>
/// <param name="Every">Steps between checkpoints; 0 for none but the last.</param>
/// <param name="Keep">Checkpoints kept.</param>
public sealed record CheckpointSettings(int Every, int Keep);

/// <summary>Where the run's files go.</summary>
/// <param name="Directory">The directory that run directories are made in.</param>
public sealed record RunSettings(string Directory);
