using System.Collections.Immutable;
using ActorTrain.Core.Devices;
using ActorTrain.Core.Schedules;

namespace ActorTrain.Runtime;

/// <summary>What a pipeline is made of: which layers form which stage, on which devices, in which order.</summary>
/// <param name="Stages">The layers of each stage, as ranges of the model's.</param>
/// <param name="Devices">The devices, in the schedule's order.</param>
/// <param name="Schedule">The order of actions.</param>
public sealed record PipelineLayout(ImmutableArray<Range> Stages, ImmutableArray<DeviceSpec> Devices, Schedule Schedule);
