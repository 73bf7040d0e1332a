using System.Collections.Immutable;
using ActorTrain.Core.Devices;
using ActorTrain.Core.Schedules;
using ActorTrain.Core.Settings;

namespace ActorTrain.Core.Plans;

/// <summary>Which layers run where and in what order, with what that is predicted to take. A stage is a chunk of the schedule.</summary>
public sealed record PipelinePlan
{
    /// <summary>Which layers form which stage.</summary>
    public required Partition Partition { get; init; }

    /// <summary>The schedule's devices, by their index there.</summary>
    public required ImmutableArray<DeviceSpec> Devices { get; init; }

    /// <summary>The order of actions.</summary>
    public required Schedule Schedule { get; init; }

    /// <summary>For each layer what it keeps for its backward pass.</summary>
    public required ImmutableArray<RecomputePolicy> Recompute { get; init; }

    /// <summary>The predicted time of a step, in seconds.</summary>
    public required double StepSeconds { get; init; }

    /// <summary>The predicted share of idle time, from 0 to 1.</summary>
    public required double BubbleFraction { get; init; }

    /// <summary>For each device the predicted peak memory.</summary>
    public required ImmutableArray<MemoryEstimate> Memory { get; init; }

    /// <summary>The device of a stage.</summary>
    /// <param name="stage">The stage's index.</param>
    public DeviceSpec DeviceOf(int stage) => Devices[Schedule.Placement[stage]];
}
