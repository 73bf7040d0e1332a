using System.Collections.Immutable;
using System.Text.Json;
using ActorTrain.Core.Plans;
using ActorTrain.Core.Schedules;
using ActorTrain.Core.Settings;
using ActorTrain.Core.Simulation;

namespace ActorTrain.Core.Tracing;

/// <summary>What a trace file says of its run beside the events, under <c>otherData</c>; all that its analysis needs.</summary>
internal sealed record TraceLayout
{
    /// <summary>Names the kind of file, so that a trace of another program is told apart.</summary>
    public const string Kind = "actortrain-trace";

    public required string Format { get; init; }

    public required string Job { get; init; }

    public required string Schedule { get; init; }

    public required int ChunksPerDevice { get; init; }

    public required int MicroBatches { get; init; }

    public required ImmutableArray<int> Placement { get; init; }

    public required ImmutableArray<int> Credits { get; init; }

    /// <summary>For each device its actions, separated by spaces; null where there are no lists.</summary>
    public required ImmutableArray<string>? Actions { get; init; }

    public required bool SplitsBackward { get; init; }

    public required ImmutableArray<TraceDevice> Devices { get; init; }

    public required ImmutableArray<ChunkCost> Predicted { get; init; }

    /// <summary>For each stage its number of layers; null in traces of the first version.</summary>
    public ImmutableArray<int>? Partition { get; init; }

    /// <summary>For each layer its policy, beside <see cref="Partition"/>.</summary>
    public ImmutableArray<RecomputePolicy>? Recompute { get; init; }

    public required long Dropped { get; init; }

    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web) { RespectRequiredConstructorParameters = true };

    public static TraceLayout Of(Trace trace) => new()
    {
        Format = Kind,
        Job = trace.Job,
        Schedule = trace.Schedule.Name,
        ChunksPerDevice = trace.Schedule.Shape.ChunksPerDevice,
        MicroBatches = trace.Schedule.Shape.MicroBatches,
        Placement = trace.Schedule.Placement,
        Credits = trace.Schedule.Credits,
        Actions = trace.Schedule.Actions is { } lists ? [.. lists.Select(list => string.Join(' ', list))] : null,
        SplitsBackward = trace.Schedule.SplitsBackward,
        Devices = trace.Devices,
        Predicted = trace.Predicted,
        Partition = trace.Plan is { } plan ? [.. plan.Partition.Counts] : null,
        Recompute = trace.Plan?.Recompute,
        Dropped = trace.Dropped,
    };

    /// <summary>How the model was cut, or null.</summary>
    public TracePlan? ToPlan() => Partition is { } counts && Recompute is { } policies ? new TracePlan(new Partition([.. counts]), policies) : null;

    /// <summary>The schedule, which is checked.</summary>
    public Schedule ToSchedule()
    {
        var schedule = new Schedule(
            Schedule,
            new ScheduleShape(Devices.Length, ChunksPerDevice, MicroBatches),
            Placement,
            Credits,
            Actions is { } lists ? [.. lists.Select((list, device) => Parse(list, device))] : null,
            SplitsBackward);
        ScheduleValidator.Validate(schedule);
        return schedule;
    }

    private static ImmutableArray<PipelineAction> Parse(string list, int device) =>
        [.. list.Split(' ').Select(text => PipelineAction.TryParse(text, 0, out var action)
            ? action
            : throw new TraceException($"device {device}: '{text}' is no action; such as F3@1 is right"))];
}
