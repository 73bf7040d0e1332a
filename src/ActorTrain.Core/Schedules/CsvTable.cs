using System.Collections.Immutable;

namespace ActorTrain.Core.Schedules;

/// <summary>The cells of a schedule's table as lists, with the places where they stood.</summary>
internal sealed class CsvTable
{
    private readonly string _name;
    private readonly List<int> _rows = [];
    private readonly List<List<int>> _columns = [];
    private readonly List<ImmutableArray<PipelineAction>> _lists = [];

    /// <summary>For each chunk that was found the device that has it.</summary>
    private readonly SortedDictionary<int, int> _owners = [];

    private CsvTable(string name) => _name = name;

    /// <summary>Devices, chunks and micro-batches.</summary>
    public ScheduleShape Shape { get; private set; } = null!;

    /// <summary>For each chunk its device.</summary>
    public ImmutableArray<int> Placement => [.. _owners.Values];

    /// <summary>For each device its actions.</summary>
    public ImmutableArray<ImmutableArray<PipelineAction>> Lists => [.. _lists];

    /// <summary>Reads cells.</summary>
    /// <param name="text">The table.</param>
    /// <param name="name">The schedule's name, for errors.</param>
    /// <exception cref="ScheduleException">A cell is no action, or chunks are missing, or stand in several rows.</exception>
    public static CsvTable Parse(string text, string name)
    {
        var table = new CsvTable(name);
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        for (var line = 0; line < lines.Length; line++)
            if (lines[line].Trim() is { Length: > 0 } cells && cells[0] != '#')
                table.AddRow(line + 1, lines[line]);
        table.Measure();
        return table;
    }

    /// <summary>Names a place of a list for people who look at the table.</summary>
    public string Describe(int device, int position)
    {
        var (row, columns) = (_rows[device], _columns[device]);
        return position < columns.Count
            ? $"row {row}, column {columns[position]}, {_lists[device][position]}"
            : $"row {row}, after column {columns[^1]}";
    }

    private void AddRow(int row, string line)
    {
        var device = _rows.Count;
        var cells = line.Split(',');
        var list = ImmutableArray.CreateBuilder<PipelineAction>(cells.Length);
        var columns = new List<int>(cells.Length);
        for (var cell = 0; cell < cells.Length; cell++)
        {
            var text = cells[cell].Trim();
            if (text.Length == 0)
                continue;
            var action = ParseCell(text, device, row, cell + 1);
            list.Add(action);
            columns.Add(cell + 1);
        }

        if (list.Count == 0)
            throw Error($"row {row} has no action; each row is a device with at least one chunk");
        _rows.Add(row);
        _columns.Add(columns);
        _lists.Add(list.ToImmutable());
    }

    private PipelineAction ParseCell(string text, int device, int row, int column)
    {
        if (!PipelineAction.TryParse(text, device, out var action))
            throw Error($"row {row}, column {column}, '{text}' is not an action; such as F0, L0, BW0, B0 or W0 is right, or F0@1 in chunk 1");
        if (!_owners.TryAdd(action.Chunk, device) && _owners[action.Chunk] != device)
            throw Error($"row {row}, column {column}, {action}: chunk {action.Chunk} is in row {_rows[_owners[action.Chunk]]} already; each chunk belongs to one device");
        return action;
    }

    private void Measure()
    {
        if (_rows.Count == 0)
            throw Error("the table has no row; a row for each device is right");
        var expected = 0;
        foreach (var chunk in _owners.Keys)
            if (chunk != expected++)
                throw Error($"chunk {expected - 1} stands nowhere, but chunk {chunk} does; chunks are counted from 0 at the data without a gap");
        foreach (var (device, chunks) in _owners.GroupBy(o => o.Value, (device, chunks) => (device, chunks.Count())))
            if (chunks * _rows.Count != _owners.Count)
                throw Error($"row {_rows[device]} has {chunks} of {_owners.Count} chunks; each of the {_rows.Count} rows must have equally many");
        Shape = new ScheduleShape(_rows.Count, _owners.Count / _rows.Count, _lists.Max(list => list.Max(action => action.MicroBatch)) + 1);
    }

    private ScheduleException Error(string problem) => new($"schedule '{_name}': {problem}");
}
