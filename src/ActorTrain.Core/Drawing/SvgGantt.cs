using System.Globalization;
using System.Xml.Linq;

namespace ActorTrain.Core.Drawing;

/// <summary>Lays a Gantt chart out as a self-contained SVG document.</summary>
internal static class SvgGantt
{
    private const double RowHeight = 30;
    private const double RowGap = 8;
    private const double JoinedGap = 1;
    private const double Margin = 24;
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

    public static string Draw(Gantt chart)
    {
        var left = Margin + chart.Rows.Max(row => row.Name.Length) * LetterWidth + 8;
        var least = Math.Max(LeastWidth, chart.Legend.Sum(entry => LegendWidth(entry.Label)));
        var time = Math.Clamp(chart.Seconds * Scale(chart), least, MostWidth);
        var tops = Tops(chart.Rows).ToList();
        var (width, height) = (left + time + Margin, tops[^1] + RowHeight + RowGap + Footer);
        var perSecond = chart.Seconds > 0 ? time / chart.Seconds : 0;

        var svg = new XElement(Svg + "svg",
            Attributes(("viewBox", $"0 0 {Number(width)} {Number(height)}"), ("width", Number(width)), ("height", Number(height)), ("role", "img")),
            new XElement(Svg + "title", chart.Title),
            new XElement(Svg + "style", Style),
            Rectangle("page", 0, 0, width, height),
            Text("title", Margin, 34, chart.Title),
            Text("quiet", Margin, 54, chart.Summary));
        foreach (var (row, top) in chart.Rows.Zip(tops))
        {
            svg.Add(Text("quiet", Margin, top + RowHeight / 2 + 5, row.Name));
            svg.Add(Rectangle("row", left, top, time, RowHeight));
            foreach (var box in row.Boxes)
                svg.Add(Box(box, left + box.Start * perSecond, top, (box.End - box.Start) * perSecond));
        }

        svg.Add(Legend(chart.Legend, left, height - Footer + 28));
        return new XDocument(svg).ToString() + "\n";
    }

    private static XElement Box(GanttBox box, double x, double top, double w)
    {
        var rectangle = Rectangle(box.Class, x + 0.5, top, Math.Max(0, w - 1), RowHeight);
        if (box.Opacity < 1)
            rectangle.SetAttributeValue("fill-opacity", Number(box.Opacity));
        rectangle.Add(new XElement(Svg + "title", box.Tip));
        var text = box.Number?.ToString(CultureInfo.InvariantCulture);
        return text is not null && text.Length * LetterWidth + 2 <= w
            ? new XElement(Svg + "g", rectangle, Text(box.Opacity < 0.8 ? "number late" : "number", x + w / 2, top + RowHeight / 2 + 4, text))
            : rectangle;
    }

    private static IEnumerable<double> Tops(IEnumerable<GanttRow> rows)
    {
        var next = Header + 8;
        foreach (var row in rows)
        {
            var top = row.Joined ? next - RowGap + JoinedGap : next;
            yield return top;
            next = top + RowHeight + RowGap;
        }
    }

    /// <summary>Pixels a second.</summary>
    private static double Scale(Gantt chart)
    {
        var kinds = chart.Rows.SelectMany(row => row.Boxes).Where(box => box.Number is not null && box.Class != "l" && box.End > box.Start)
            .GroupBy(box => box.Class).ToList();
        return kinds.Count == 0 ? 0 : WantedBox / kinds.Min(kind => kind.Average(box => box.End - box.Start));
    }

    private static double LegendWidth(string label) => 20 + label.Length * LetterWidth + 18;

    private static IEnumerable<XElement> Legend(IEnumerable<(string Class, string Label)> entries, double x, double top)
    {
        foreach (var (kind, label) in entries)
        {
            yield return Rectangle(kind, x, top - 11, 14, 14);
            yield return Text("quiet", x + 20, top, label);
            x += LegendWidth(label);
        }
    }

    private static XElement Rectangle(string kind, double x, double y, double width, double height) => new(Svg + "rect",
        Attributes(("class", kind), ("x", Number(x)), ("y", Number(y)), ("width", Number(width)), ("height", Number(height)), ("rx", kind == "page" ? "0" : "3")));

    private static XElement Text(string kind, double x, double y, string text) =>
        new(Svg + "text", Attributes(("class", kind), ("x", Number(x)), ("y", Number(y))), text);

    private static IEnumerable<XAttribute> Attributes(params (string Name, string Value)[] attributes) =>
        attributes.Select(a => new XAttribute(a.Name, a.Value));

    private static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
