using System.Collections.Immutable;
using System.Globalization;
using ActorTrain.Core.Simulation;
using ActorTrain.Core.Tracing;

namespace ActorTrain.Core.Drawing;

/// <summary>Draws a step of a trace: for each device what was predicted, and under it what it did, on one time axis.</summary>
public static class TraceDrawing
{
    /// <summary>Draws a self-contained SVG document.</summary>
    /// <param name="trace">The trace.</param>
    /// <param name="step">The step, or null for the complete one whose time is the median.</param>
    /// <exception cref="TraceException">The trace does not have that step, or no complete one.</exception>
    public static string ToSvg(Trace trace, long? step = null) => SvgPicture.Write(ToPicture(trace, step));

    /// <summary>Lays the drawing out for whoever paints it.</summary>
    /// <param name="trace">The trace.</param>
    /// <param name="step">The step, or null for the complete one whose time is the median.</param>
    /// <exception cref="TraceException">The trace does not have that step, or no complete one.</exception>
    public static Picture ToPicture(Trace trace, long? step = null)
    {
        var shown = step ?? MedianStep(trace);
        var slices = trace.Slices.Where(s => s.Step == shown).ToList();
        if (slices.Count == 0)
            throw new TraceException(
                $"step {shown} is not in the trace, which has steps {trace.Slices.Min(s => s.Step)} to {trace.Slices.Max(s => s.Step)}");
        var start = slices.Min(s => s.Start);
        var predicted = trace.Predicted.IsEmpty ? null : PipelineSimulator.Simulate(trace.Schedule, new CostModel(trace.Predicted));
        var seconds = slices.Max(s => s.End) - start;
        var summary = $"took {ScheduleDrawing.Seconds(seconds)}"
            + (predicted is null ? "" : $", predicted {ScheduleDrawing.Seconds(predicted.Makespan)}");
        return GanttLayout.Of(new Gantt(
            string.Create(CultureInfo.InvariantCulture, $"{trace.Job}, step {shown}: {trace.Schedule.Name}"),
            summary,
            Math.Max(seconds, predicted?.Makespan ?? 0),
            [.. Enumerable.Range(0, trace.Devices.Length).SelectMany(device => Rows(trace, device, slices, start, predicted))],
            [
                .. GanttDrawing.Legend(trace.Schedule, slices.Select(s => s.Action?.Kind).OfType<Schedules.ActionKind>(), updates: true),
            ]));
    }

    private static IEnumerable<GanttRow> Rows(
        Trace trace, int device, IEnumerable<TraceSlice> slices, double start, SimulationResult? predicted)
    {
        var name = trace.Devices[device].Name;
        if (predicted is not null)
            yield return new GanttRow($"{name} predicted", GanttDrawing.Boxes(predicted, predicted.Timeline!.Value, device));
        yield return new GanttRow(
            $"{name} actual",
            [.. slices.Where(s => s.Device == device && !s.IsNested).Select(s => Box(trace, s, start))],
            Joined: predicted is not null);
    }

    private static GanttBox Box(Trace trace, TraceSlice slice, double start) => slice.Action is { } action
        ? GanttDrawing.Box(trace.Schedule, action, slice.Start - start, slice.End - start)
        : new GanttBox(slice.Start - start, slice.End - start, GanttDrawing.UpdateClass, GanttDrawing.Tip(slice.Name, slice.Start - start, slice.End - start));

    private static long MedianStep(Trace trace)
    {
        var window = new TraceWindow(trace);
        var steps = window.Slices.Where(s => s.IsOfStep).GroupBy(s => s.Step)
            .OrderBy(step => step.Max(s => s.End) - step.Min(s => s.Start)).Select(step => step.Key).ToImmutableArray();
        return steps[steps.Length / 2];
    }
}
