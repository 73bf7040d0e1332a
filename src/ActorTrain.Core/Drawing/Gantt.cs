using System.Collections.Immutable;

namespace ActorTrain.Core.Drawing;

/// <summary>What a Gantt chart shows, before it is laid out.</summary>
/// <param name="Title">The title.</param>
/// <param name="Summary">What it came to, in one line.</param>
/// <param name="Seconds">How long the time axis is.</param>
/// <param name="Rows">The rows, from the top.</param>
/// <param name="Legend">Classes of boxes and what they are.</param>
internal sealed record Gantt(
    string Title, string Summary, double Seconds, ImmutableArray<GanttRow> Rows, ImmutableArray<(string Class, string Label)> Legend);

/// <summary>A row of a chart.</summary>
/// <param name="Name">What stands at its left.</param>
/// <param name="Boxes">Its boxes.</param>
/// <param name="Joined">Whether it belongs to the row above.</param>
internal sealed record GanttRow(string Name, ImmutableArray<GanttBox> Boxes, bool Joined = false);

/// <summary>A box of a chart.</summary>
/// <param name="Start">In seconds.</param>
/// <param name="End">In seconds.</param>
/// <param name="Class">Its colour.</param>
/// <param name="Tip">What a viewer shows when it is pointed at.</param>
/// <param name="Number">What stands in it where there is room.</param>
/// <param name="Opacity">From 0 to 1.</param>
internal readonly record struct GanttBox(double Start, double End, string Class, string Tip, int? Number = null, double Opacity = 1);
