using System.Collections.Immutable;
using ActorTrain.Core.Schedules;
using ActorTrain.Core.Settings;

namespace ActorTrain.Core.Plans;

/// <summary>What a plan is wanted for, and what the planner may choose.</summary>
public sealed record PlanRequest
{
    /// <summary>The model, measured with a micro-batch of the size that <see cref="ProfiledMicroBatches"/> gives.</summary>
    public required ModelProfile Profile { get; init; }

    /// <summary>Micro-batches of a step when the model was measured.</summary>
    public required int ProfiledMicroBatches { get; init; }

    /// <summary>The devices, in pipeline order.</summary>
    public required ImmutableArray<PlanDevice> Devices { get; init; }

    /// <summary>The schedules to choose from.</summary>
    public required ImmutableArray<IScheduleFactory> Schedules { get; init; }

    /// <summary>The numbers of micro-batches to choose from; null for the profiled number.</summary>
    public ImmutableArray<int>? MicroBatches { get; init; }

    /// <summary>For each layer its policy; null when the planner chooses.</summary>
    public ImmutableArray<RecomputePolicy>? Recompute { get; init; }

    /// <summary>The partition; null when the planner chooses.</summary>
    public Partition? Partition { get; init; }

    /// <summary>Whether the last devices may be left out.</summary>
    public bool FewerDevices { get; init; }

    /// <summary>Whether schedules may have more chunks on a device than they have by themselves.</summary>
    public bool MoreChunks { get; init; }
}
