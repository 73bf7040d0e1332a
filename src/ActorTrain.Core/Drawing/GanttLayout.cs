using System.Collections.Immutable;
using System.Globalization;

namespace ActorTrain.Core.Drawing;

/// <summary>Lays a Gantt chart out.</summary>
internal static class GanttLayout
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

    /// <summary>Lays a chart out.</summary>
    /// <param name="chart">The chart.</param>
    public static Picture Of(Gantt chart)
    {
        var left = Margin + chart.Rows.Max(row => row.Name.Length) * LetterWidth + 8;
        var least = Math.Max(LeastWidth, chart.Legend.Sum(entry => LegendWidth(entry.Label)));
        var time = Math.Clamp(chart.Seconds * Scale(chart), least, MostWidth);
        var tops = Tops(chart.Rows).ToList();
        var (width, height) = (left + time + Margin, tops[^1] + RowHeight + RowGap + Footer);
        var perSecond = chart.Seconds > 0 ? time / chart.Seconds : 0;
        var items = ImmutableArray.CreateBuilder<PictureItem>();
        items.Add(new PictureBox(PictureStyle.Page, 0, 0, width, height));
        items.Add(new PictureText(PictureStyle.Title, Margin, 34, chart.Title));
        items.Add(new PictureText("quiet", Margin, 54, chart.Summary));
        foreach (var (row, top) in chart.Rows.Zip(tops))
        {
            items.Add(new PictureText("quiet", Margin, top + RowHeight / 2 + 5, row.Name));
            items.Add(new PictureBox("row", left, top, time, RowHeight));
            foreach (var box in row.Boxes)
                items.Add(Box(box, left + box.Start * perSecond, top, (box.End - box.Start) * perSecond));
        }

        items.AddRange(Legend(chart.Legend, left, height - Footer + 28));
        return new Picture(width, height, chart.Title, items.ToImmutable());
    }

    private static PictureBox Box(GanttBox box, double x, double top, double w)
    {
        var text = box.Number?.ToString(CultureInfo.InvariantCulture);
        var label = text is not null && text.Length * LetterWidth + 2 <= w
            ? new PictureText(box.Opacity < 0.8 ? "number late" : PictureStyle.Number, x + w / 2, top + RowHeight / 2 + 4, text)
            : null;
        return new PictureBox(box.Class, x + 0.5, top, Math.Max(0, w - 1), RowHeight, box.Opacity, box.Tip, label);
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

    private static IEnumerable<PictureItem> Legend(IEnumerable<(string Class, string Label)> entries, double x, double top)
    {
        foreach (var (kind, label) in entries)
        {
            yield return new PictureBox(kind, x, top - 11, 14, 14);
            yield return new PictureText("quiet", x + 20, top, label);
            x += LegendWidth(label);
        }
    }
}
