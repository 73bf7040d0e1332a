using System.Collections.Immutable;
using System.Globalization;
using ActorTrain.Core.Schedules;
using ActorTrain.Core.Simulation;

namespace ActorTrain.Core.Drawing;

/// <summary>A chart of a schedule: a row for each device, a box for each action, coloured by kind; later chunks are fainter.</summary>
internal static class GanttDrawing
{
    /// <summary>The class of optimizer steps.</summary>
    public const string UpdateClass = "u";

    public static Picture Draw(SimulationResult result, IReadOnlyList<TimedAction> timeline) => GanttLayout.Of(new Gantt(
        ScheduleDrawing.Title(result),
        ScheduleDrawing.Summary(result),
        result.Makespan,
        [.. Enumerable.Range(0, result.Schedule.Shape.Devices).Select(device => new GanttRow(
            $"device {device.ToString(CultureInfo.InvariantCulture)}", Boxes(result, timeline, device)))],
        Legend(
            result.Schedule,
            timeline.Where(t => t.End > t.Start).Select(t => t.Action.Kind),
            result.Updates!.Value.Any(u => u.End > u.Start))));

    /// <summary>A device's boxes.</summary>
    public static ImmutableArray<GanttBox> Boxes(SimulationResult result, IReadOnlyList<TimedAction> timeline, int device) =>
    [
        .. timeline.Where(t => t.Device == device).Select(t => Box(result.Schedule, t.Action, t.Start, t.End)),
        .. result.Updates!.Value.Where(u => u.Device == device && u.End > u.Start).Select(u => new GanttBox(
            u.Start, u.End, UpdateClass, Tip($"optimizer step of chunk {u.Chunk}", u.Start, u.End))),
    ];

    /// <summary>An action's box.</summary>
    public static GanttBox Box(Schedule schedule, PipelineAction action, double start, double end) => new(
        start,
        end,
        PipelineAction.Symbol(action.Kind).ToLowerInvariant(),
        Tip(action.ToString(), start, end),
        action.MicroBatch,
        Opacity(schedule, action.Chunk));

    /// <summary>What a viewer shows for a box.</summary>
    public static string Tip(string what, double start, double end) =>
        $"{what}: {ScheduleDrawing.Seconds(start)} to {ScheduleDrawing.Seconds(end)}";

    /// <summary>What colours mean.</summary>
    public static ImmutableArray<(string Class, string Label)> Legend(Schedule schedule, IEnumerable<ActionKind> kinds, bool updates)
    {
        var entries = kinds.Distinct().Order()
            .Select(kind => (PipelineAction.Symbol(kind).ToLowerInvariant(), ScheduleDrawing.Describe(kind))).ToList();
        if (updates)
            entries.Add((UpdateClass, "optimizer step"));
        entries.Add(("row", schedule.Shape.ChunksPerDevice > 1 ? "idle (a device's later chunks are fainter)" : "idle"));
        return [.. entries];
    }

    private static double Opacity(Schedule schedule, int chunk)
    {
        var chunks = schedule.Shape.ChunksPerDevice;
        var place = schedule.ChunksOf(schedule.Placement[chunk]).TakeWhile(other => other != chunk).Count();
        return chunks == 1 ? 1 : 1 - 0.45 * place / (chunks - 1);
    }
}
