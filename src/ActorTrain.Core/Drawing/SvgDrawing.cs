using System.Globalization;
using System.Xml.Linq;
using ActorTrain.Core.Schedules;
using ActorTrain.Core.Simulation;

namespace ActorTrain.Core.Drawing;

/// <summary>An SVG document: a row for each device, a box for each action, coloured by kind; later chunks are fainter.</summary>
internal static class SvgDrawing
{
    private const double RowHeight = 30;
    private const double RowGap = 8;
    private const double Margin = 24;
    private const double NameWidth = 72;
    private const double Header = 64;
    private const double Footer = 64;
    private const double LetterWidth = 7.5;

    /// <summary>Boxes of this width have room for their numbers, so the narrowest common kind of box gets it.</summary>
    private const double WantedBox = 22;

    private const double LeastWidth = 560;
    private const double MostWidth = 12_000;

    private const string Style = """
        text { font: 13px ui-sans-serif, system-ui, 'DejaVu Sans', sans-serif; fill: #1f2328; }
        .title { font-size: 17px; font-weight: 600; }
        .quiet { fill: #59636e; }
        .number { font-size: 12px; text-anchor: middle; fill: #ffffff; }
        .late { fill: #1f2328; }
        .page { fill: #ffffff; }
        .row { fill: #eceff3; }
        .f { fill: #2f6fde; } .l { fill: #6b4fbb; } .bw { fill: #1a8a55; } .b { fill: #0e8a8a; } .w { fill: #b7611a; } .u { fill: #59636e; }
        @media (prefers-color-scheme: dark) {
          text { fill: #e6edf3; } .quiet { fill: #9198a1; } .number { fill: #ffffff; }
          .page { fill: #0d1117; } .row { fill: #1d232c; }
          .f { fill: #3b76dd; } .l { fill: #7e63cc; } .bw { fill: #258a58; } .b { fill: #1d8888; } .w { fill: #b0641f; } .u { fill: #6e7681; }
        }
        """;

    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    public static string Draw(SimulationResult result, IReadOnlyList<TimedAction> timeline)
    {
        var rows = result.Schedule.Shape.Devices;
        var legend = LegendEntries(result, timeline);
        var least = Math.Max(LeastWidth, legend.Sum(entry => LegendWidth(entry.Label)));
        var time = Math.Clamp(result.Makespan * Scale(timeline), least, MostWidth);
        var (width, height) = (2 * Margin + NameWidth + time, Header + rows * (RowHeight + RowGap) + Footer);
        var perSecond = result.Makespan > 0 ? time / result.Makespan : 0;
        var firstChunks = Enumerable.Range(0, rows).Select(d => result.Schedule.ChunksOf(d).ToList()).ToList();

        var svg = new XElement(Svg + "svg",
            Attributes(("viewBox", $"0 0 {Number(width)} {Number(height)}"), ("width", Number(width)), ("height", Number(height)), ("role", "img")),
            new XElement(Svg + "title", ScheduleDrawing.Title(result)),
            new XElement(Svg + "style", Style),
            Rectangle("page", 0, 0, width, height),
            Text("title", Margin, 34, ScheduleDrawing.Title(result)),
            Text("quiet", Margin, 54, ScheduleDrawing.Summary(result)));
        for (var device = 0; device < rows; device++)
        {
            svg.Add(Text("quiet", Margin, Top(device) + RowHeight / 2 + 5, $"device {device.ToString(CultureInfo.InvariantCulture)}"));
            svg.Add(Rectangle("row", Margin + NameWidth, Top(device), time, RowHeight));
        }

        foreach (var (device, _, action, start, end) in timeline)
            svg.Add(Box(device, start, end, Class(action.Kind), Tip(action.ToString(), start, end), action.MicroBatch,
                Opacity(firstChunks[device].IndexOf(action.Chunk), result.Schedule.Shape.ChunksPerDevice)));
        foreach (var (device, _, chunk, start, end) in result.Updates!.Value)
            if (end > start)
                svg.Add(Box(device, start, end, "u", Tip($"optimizer step of chunk {chunk}", start, end), null, 1));
        svg.Add(Legend(legend, height - Footer + 28));
        return new XDocument(svg).ToString() + "\n";

        XElement Box(int device, double start, double end, string kind, string tip, int? number, double opacity)
        {
            var (x, w) = (Margin + NameWidth + start * perSecond, (end - start) * perSecond);
            var box = Rectangle(kind, x + 0.5, Top(device), Math.Max(0, w - 1), RowHeight);
            if (opacity < 1)
                box.SetAttributeValue("fill-opacity", Number(opacity));
            box.Add(new XElement(Svg + "title", tip));
            var text = number?.ToString(CultureInfo.InvariantCulture);
            return text is not null && text.Length * LetterWidth + 2 <= w
                ? new XElement(Svg + "g", box, Text(opacity < 0.8 ? "number late" : "number", x + w / 2, Top(device) + RowHeight / 2 + 4, text))
                : box;
        }
    }

    private static double Top(int device) => Header + 8 + device * (RowHeight + RowGap);

    /// <summary>Pixels a second.</summary>
    private static double Scale(IReadOnlyList<TimedAction> timeline)
    {
        var kinds = timeline.Where(t => t.Action.Kind != ActionKind.Loss && t.End > t.Start).GroupBy(t => t.Action.Kind).ToList();
        return kinds.Count == 0 ? 0 : WantedBox / kinds.Min(kind => kind.Average(t => t.End - t.Start));
    }

    private static double Opacity(int chunk, int chunks) => chunks == 1 ? 1 : 1 - 0.45 * chunk / (chunks - 1);

    private static List<(string Class, string Label)> LegendEntries(SimulationResult result, IReadOnlyList<TimedAction> timeline)
    {
        var entries = timeline.Where(t => t.End > t.Start).Select(t => t.Action.Kind).Distinct().Order()
            .Select(kind => (Class(kind), ScheduleDrawing.Describe(kind))).ToList();
        if (result.Updates!.Value.Any(u => u.End > u.Start))
            entries.Add(("u", "optimizer step"));
        entries.Add(("row", result.Schedule.Shape.ChunksPerDevice > 1 ? "idle (a device's later chunks are fainter)" : "idle"));
        return entries;
    }

    private static double LegendWidth(string label) => 20 + label.Length * LetterWidth + 18;

    private static IEnumerable<XElement> Legend(IEnumerable<(string Class, string Label)> entries, double top)
    {
        var x = Margin + NameWidth;
        foreach (var (kind, label) in entries)
        {
            yield return Rectangle(kind, x, top - 11, 14, 14);
            yield return Text("quiet", x + 20, top, label);
            x += LegendWidth(label);
        }
    }

    private static string Class(ActionKind kind) => PipelineAction.Symbol(kind).ToLowerInvariant();

    private static string Tip(string what, double start, double end) =>
        $"{what}: {ScheduleDrawing.Seconds(start)} to {ScheduleDrawing.Seconds(end)}";

    private static XElement Rectangle(string kind, double x, double y, double width, double height) => new(Svg + "rect",
        Attributes(("class", kind), ("x", Number(x)), ("y", Number(y)), ("width", Number(width)), ("height", Number(height)), ("rx", kind == "page" ? "0" : "3")));

    private static XElement Text(string kind, double x, double y, string text) =>
        new(Svg + "text", Attributes(("class", kind), ("x", Number(x)), ("y", Number(y))), text);

    private static IEnumerable<XAttribute> Attributes(params (string Name, string Value)[] attributes) =>
        attributes.Select(a => new XAttribute(a.Name, a.Value));

    private static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
