using System.Globalization;
using ActorTrain.Core.Schedules;
using ActorTrain.Core.Simulation;

namespace ActorTrain.Core.Drawing;

/// <summary>
/// Draws what a simulated pipeline did, as the figures of the PipeDream (arXiv 1806.03377) and Zero Bubble
/// (arXiv 2401.10241) papers do: a row for each device, time from left to right.
/// </summary>
public static class ScheduleDrawing
{
    /// <summary>Draws with characters, for a monospaced terminal.</summary>
    /// <param name="result">A result with its timeline.</param>
    /// <exception cref="ArgumentException">The timeline was not kept.</exception>
    public static string ToText(SimulationResult result) => TextDrawing.Draw(result, Timeline(result));

    /// <summary>Draws a self-contained SVG document that follows the viewer's light or dark scheme.</summary>
    /// <param name="result">A result with its timeline.</param>
    /// <exception cref="ArgumentException">The timeline was not kept.</exception>
    public static string ToSvg(SimulationResult result) => SvgPicture.Write(ToPicture(result));

    /// <summary>Lays the drawing out for whoever paints it.</summary>
    /// <param name="result">A result with its timeline.</param>
    /// <exception cref="ArgumentException">The timeline was not kept.</exception>
    public static Picture ToPicture(SimulationResult result) => GanttDrawing.Draw(result, Timeline(result));

    /// <summary>What the schedule is, in one line.</summary>
    internal static string Title(SimulationResult result)
    {
        var shape = result.Schedule.Shape;
        var chunks = shape.ChunksPerDevice == 1 ? "" : $" with {shape.ChunksPerDevice} chunks each";
        return $"{result.Schedule.Name}: {Count(shape.Devices, "device")}{chunks}, {Count(shape.MicroBatches, "micro-batch", "es")}"
            + (result.StepEnds.Length == 1 ? "" : $", {result.StepEnds.Length} steps");
    }

    /// <summary>What it came to, in one line.</summary>
    internal static string Summary(SimulationResult result) => string.Create(
        CultureInfo.InvariantCulture, $"bubble {100 * result.BubbleFraction:0.0} %, {Seconds(result.Makespan)} in all");

    /// <summary>A time with up to three significant digits.</summary>
    internal static string Seconds(double seconds)
    {
        var (value, unit) = seconds switch
        {
            0 or >= 1 => (seconds, "s"),
            >= 1e-3 => (seconds * 1e3, "ms"),
            _ => (seconds * 1e6, "µs"),
        };
        var format = value switch { < 10 => "0.##", < 100 => "0.#", _ => "0" };
        return $"{value.ToString(format, CultureInfo.InvariantCulture)} {unit}";
    }

    /// <summary>What a kind of action is, for legends.</summary>
    internal static string Describe(ActionKind kind) => kind switch
    {
        ActionKind.Forward => "F forward",
        ActionKind.Loss => "L loss",
        ActionKind.Backward => "BW backward",
        ActionKind.InputGradient => "B input gradient",
        ActionKind.WeightGradient => "W weight gradient",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "not a kind of action"),
    };

    private static IReadOnlyList<TimedAction> Timeline(SimulationResult result) => result.Timeline
        ?? throw new ArgumentException($"a drawing needs {nameof(SimulationOptions)}.{nameof(SimulationOptions.KeepTimeline)}", nameof(result));

    private static string Count(int count, string one, string plural = "s") => count == 1 ? $"1 {one}" : $"{count} {one}{plural}";
}
