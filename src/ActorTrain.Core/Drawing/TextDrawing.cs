using System.Globalization;
using System.Text;
using ActorTrain.Core.Schedules;
using ActorTrain.Core.Simulation;

namespace ActorTrain.Core.Drawing;

/// <summary>A row of characters for each device. Something that runs is its label, and its mark to its end.</summary>
internal static class TextDrawing
{
    private const char UpdateMark = '#';
    private const char Idle = ' ';

    public static string Draw(SimulationResult result, IReadOnlyList<TimedAction> timeline)
    {
        var cells = Cells(result, timeline);
        var drawn = cells.Where(c => c.End > c.Start).ToList();
        var columns = Columns(drawn);
        var width = columns.Count == 0 ? 0 : columns[drawn.Max(c => c.End)];
        var rows = Enumerable.Range(0, result.Schedule.Shape.Devices).Select(_ => new StringBuilder().Append(Idle, width)).ToList();
        foreach (var cell in drawn)
            for (int first = columns[cell.Start], i = first; i < columns[cell.End]; i++)
                rows[cell.Device][i] = i - first < cell.Label.Length ? cell.Label[i - first] : cell.Mark;

        var text = new StringBuilder();
        text.AppendLine(ScheduleDrawing.Title(result));
        var digits = (rows.Count - 1).ToString(CultureInfo.InvariantCulture).Length;
        for (var device = 0; device < rows.Count; device++)
            text.AppendLine(CultureInfo.InvariantCulture, $"{device.ToString(CultureInfo.InvariantCulture).PadLeft(digits)} |{rows[device]}|");
        text.AppendLine(Legend(result, drawn));
        var missing = Kinds(cells).Except(Kinds(drawn)).ToList();
        if (missing.Count > 0)
            text.AppendLine(CultureInfo.InvariantCulture, $"not drawn, as it takes no time: {string.Join(", ", missing.Select(ScheduleDrawing.Describe))}");
        return text.AppendLine(ScheduleDrawing.Summary(result)).ToString();
    }

    private static List<Cell> Cells(SimulationResult result, IReadOnlyList<TimedAction> timeline)
    {
        var severalChunks = result.Schedule.Shape.ChunksPerDevice > 1;
        var cells = timeline.Select(t => new Cell(
            t.Device, t.Start, t.End, Prefix(t.Action.Kind) + Number(t.Action, severalChunks), Mark(t.Action.Kind), t.Action.Kind));
        var updates = result.Updates!.Value.Select(u => new Cell(u.Device, u.Start, u.End, "", UpdateMark, null));
        return [.. cells, .. updates];
    }

    private static string Number(PipelineAction action, bool severalChunks)
    {
        var microBatch = action.MicroBatch.ToString(CultureInfo.InvariantCulture);
        return severalChunks ? string.Create(CultureInfo.InvariantCulture, $"{microBatch}@{action.Chunk}") : microBatch;
    }

    /// <summary>
    /// A column for every time at which something starts or ends: to scale where labels fit, and wider where they don't.
    /// </summary>
    private static Dictionary<double, int> Columns(List<Cell> cells)
    {
        var columns = new Dictionary<double, int>();
        if (cells.Count == 0)
            return columns;
        var scale = Scale(cells);
        var endingAt = cells.ToLookup(c => c.End);
        var shift = 0;
        foreach (var time in cells.SelectMany(c => new[] { c.Start, c.End }).Distinct().Order())
        {
            var column = (int)Math.Round(time * scale) + shift;
            var wanted = endingAt[time].Select(c => columns[c.Start] + c.Width).DefaultIfEmpty(0).Max();
            shift += Math.Max(0, wanted - column);
            columns[time] = Math.Max(column, wanted);
        }

        return columns;
    }

    /// <summary>Columns a second: as many as the labels of forwards and backwards need; the short rest is drawn longer than it is.</summary>
    private static double Scale(List<Cell> cells)
    {
        var main = cells.Where(c => c.Kind is not (null or ActionKind.Loss)).ToList();
        return (main.Count > 0 ? main : cells).GroupBy(c => c.Kind).Max(kind => kind.Max(c => c.Width) / kind.Average(c => c.End - c.Start));
    }

    private static string Legend(SimulationResult result, List<Cell> drawn)
    {
        var (example, of) = result.Schedule.Shape.ChunksPerDevice > 1
            ? ("3@1", "micro-batch 3 in chunk 1")
            : ("3", "micro-batch 3");
        var parts = Kinds(drawn).Select(kind => $"{Prefix(kind)}{example}{Mark(kind)} {ScheduleDrawing.Describe(kind)}");
        if (drawn.Any(c => c.Kind is null))
            parts = parts.Append($"{UpdateMark} optimizer step");
        return $"{string.Join("   ", parts)}   (of {of})";
    }

    private static IEnumerable<ActionKind> Kinds(IEnumerable<Cell> cells) =>
        cells.Select(c => c.Kind).OfType<ActionKind>().Distinct().Order();

    private static string Prefix(ActionKind kind) => kind switch
    {
        ActionKind.Forward => "",
        ActionKind.Loss => "L",
        ActionKind.Backward or ActionKind.InputGradient => "b",
        ActionKind.WeightGradient => "w",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "not a kind of action"),
    };

    private static char Mark(ActionKind kind) => kind switch
    {
        ActionKind.Backward => '=',
        ActionKind.WeightGradient => '~',
        _ => '-',
    };

    /// <param name="Device">The row.</param>
    /// <param name="Start">In seconds.</param>
    /// <param name="End">In seconds.</param>
    /// <param name="Label">What is written at its start.</param>
    /// <param name="Mark">What fills it to its end.</param>
    /// <param name="Kind">The kind of action; null for an optimizer step.</param>
    private sealed record Cell(int Device, double Start, double End, string Label, char Mark, ActionKind? Kind)
    {
        /// <summary>Columns needed: the label and a mark.</summary>
        public int Width => Label.Length + 1;
    }
}
