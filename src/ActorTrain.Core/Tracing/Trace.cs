using System.Collections.Immutable;
using ActorTrain.Core.Plans;
using ActorTrain.Core.Schedules;
using ActorTrain.Core.Settings;
using ActorTrain.Core.Simulation;

namespace ActorTrain.Core.Tracing;

/// <summary>What a pipeline did in some steps, beside what its plan predicted. Times are in seconds from the trace's start.</summary>
public sealed record Trace
{
    /// <summary>The job's name.</summary>
    public required string Job { get; init; }

    /// <summary>The schedule that ran.</summary>
    public required Schedule Schedule { get; init; }

    /// <summary>The schedule's devices, by their index there.</summary>
    public required ImmutableArray<TraceDevice> Devices { get; init; }

    /// <summary>For each chunk the times that the plan was made with; empty where there was no plan.</summary>
    public required ImmutableArray<ChunkCost> Predicted { get; init; }

    /// <summary>How the model was cut; null where the trace does not say.</summary>
    public TracePlan? Plan { get; init; }

    /// <summary>What the devices did, ordered by start.</summary>
    public required ImmutableArray<TraceSlice> Slices { get; init; }

    /// <summary>What happened beside it: checkpoints and the like.</summary>
    public required ImmutableArray<TraceMark> Marks { get; init; }

    /// <summary>What the process held over time.</summary>
    public required ImmutableArray<MemorySample> Memory { get; init; }

    /// <summary>Records that were overwritten because there was no more room.</summary>
    public long Dropped { get; init; }
}

/// <summary>What a trace says of the plan that ran.</summary>
/// <param name="Partition">Which layers formed which stage.</param>
/// <param name="Recompute">For each layer what it kept for its backward pass.</param>
public sealed record TracePlan(Partition Partition, ImmutableArray<RecomputePolicy> Recompute);

/// <summary>A device in a trace.</summary>
/// <param name="Node">The node, such as its address.</param>
/// <param name="Name">The device, such as <c>cpu:0</c>.</param>
public sealed record TraceDevice(string Node, string Name);

/// <summary>Something that a device did.</summary>
/// <param name="Device">The device's index.</param>
/// <param name="Step">The step, from 1.</param>
/// <param name="Action">The scheduled action, or null for what is outside of the schedule.</param>
/// <param name="Name">The action as text, or one of the names below, or another such as <c>snapshot</c>.</param>
/// <param name="Ready">When its input was there.</param>
/// <param name="Start">When it began.</param>
/// <param name="End">When it ended.</param>
public readonly record struct TraceSlice(
    int Device, long Step, PipelineAction? Action, string Name, double Ready, double Start, double End)
{
    /// <summary>The name of the sums for clipping.</summary>
    public const string Norm = "Norm";

    /// <summary>The name of the optimizer's step.</summary>
    public const string Update = "Update";

    /// <summary>The name of a forward pass that is run again within a backward pass.</summary>
    public const string Recompute = "recompute";

    /// <summary>The name of a copy of a stage's state, for a checkpoint or for another node.</summary>
    public const string Snapshot = "snapshot";

    /// <summary>How long it took.</summary>
    public double Seconds => End - Start;

    /// <summary>Whether it is part of another slice.</summary>
    public bool IsNested => Action is null && Name == Recompute;

    /// <summary>Whether it is one of the things that every step consists of.</summary>
    public bool IsOfStep => Action is not null || Name is Norm or Update;
}

/// <summary>Something that happened at a moment.</summary>
/// <param name="Name">What.</param>
/// <param name="At">When.</param>
public readonly record struct TraceMark(string Name, double At);

/// <summary>What the process held at a moment.</summary>
/// <param name="At">When.</param>
/// <param name="Bytes">How much.</param>
public readonly record struct MemorySample(double At, long Bytes);
