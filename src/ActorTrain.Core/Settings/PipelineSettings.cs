using System.Collections.Immutable;
using ActorTrain.Core.Schedules;

namespace ActorTrain.Core.Settings;

/// <summary>Devices, schedule, recompute and partition.</summary>
/// <param name="Devices">The devices in pipeline order, such as <c>cpu:0</c>; null for <c>auto</c>.</param>
/// <param name="Schedule">The schedule's short name; that of the table where there is one; <c>auto</c> when the planner chooses.</param>
/// <param name="Recompute">One policy for all layers, or one for each; null when the planner chooses.</param>
/// <param name="Partition">The number of layers of each stage; null for <c>auto</c>.</param>
/// <param name="ScaleOut">Whether a run in a cluster spreads over devices that come free while it runs (<c>scale</c>).</param>
/// <param name="Table">The job's own schedule, from a table; null when it has none.</param>
public sealed record PipelineSettings(
    ImmutableArray<string>? Devices,
    string Schedule,
    ImmutableArray<RecomputePolicy>? Recompute,
    ImmutableArray<int>? Partition,
    bool ScaleOut,
    Schedule? Table = null)
{
    /// <summary>What stands for the planner's choice.</summary>
    public const string Auto = "auto";

    /// <summary>Whether the planner chooses the schedule.</summary>
    public bool ChoosesSchedule => Table is null && Schedule == Auto;
}
