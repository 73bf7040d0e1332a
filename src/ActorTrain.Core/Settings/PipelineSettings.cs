using System.Collections.Immutable;

namespace ActorTrain.Core.Settings;

/// <summary>Devices, schedule, recompute and partition.</summary>
/// <param name="Devices">The devices in pipeline order, such as <c>cpu:0</c>; null for <c>auto</c>.</param>
/// <param name="Schedule">The schedule's short name.</param>
/// <param name="Recompute">One policy for all layers, or one for each.</param>
/// <param name="Partition">The number of layers of each stage; null for <c>auto</c>.</param>
/// <param name="ScaleOut">Whether a run in a cluster spreads over devices that come free while it runs (<c>scale</c>).</param>
public sealed record PipelineSettings(
    ImmutableArray<string>? Devices,
    string Schedule,
    ImmutableArray<RecomputePolicy> Recompute,
    ImmutableArray<int>? Partition,
    bool ScaleOut);
