using System.Collections.Immutable;

namespace ActorTrain.Admin;

/// <summary>Lines that were entered, and which of them is shown. Immutable.</summary>
public sealed record LineHistory
{
    private const int MaxLines = 1000;

    private LineHistory(ImmutableList<string> lines) => (Lines, _place) = (lines, lines.Count);

    private readonly int _place;
    private readonly string _draft = "";

    /// <summary>The lines, the oldest first.</summary>
    public ImmutableList<string> Lines { get; private init; }

    /// <summary>A history of lines.</summary>
    /// <param name="lines">The lines, the oldest first.</param>
    public static LineHistory Of(IEnumerable<string> lines) => new([.. lines.Where(l => l.Length > 0).TakeLast(MaxLines)]);

    /// <summary>With a line that was entered. Repeating the last one, or nothing, adds nothing.</summary>
    /// <param name="line">The line.</param>
    public LineHistory Add(string line) => Of(line == Lines.LastOrDefault() ? Lines : Lines.Add(line));

    /// <summary>Goes back to an older line.</summary>
    /// <param name="shown">What is shown now, which comes back at the end.</param>
    public (LineHistory History, string Line) Older(string shown) => At(Math.Max(0, _place - 1), shown);

    /// <summary>Goes on to a newer line, at last to what was typed before.</summary>
    /// <param name="shown">What is shown now.</param>
    public (LineHistory History, string Line) Newer(string shown) => At(Math.Min(Lines.Count, _place + 1), shown);

    private (LineHistory History, string Line) At(int place, string shown)
    {
        var draft = _place == Lines.Count ? shown : _draft;
        return (new LineHistory(Lines, place, draft), place == Lines.Count ? draft : Lines[place]);
    }

    private LineHistory(ImmutableList<string> lines, int place, string draft) => (Lines, _place, _draft) = (lines, place, draft);
}
