using System.Text;
using System.Text.Json;

namespace ActorTrain.Hosting.Runs;

/// <summary>
/// A run's events, one a line, each step once: where a run goes back to a checkpoint or a snapshot, what the file has of later
/// steps gives way. An earlier file is copied and replaced, so that a process which still has it open, because it hung or was
/// cut off, spoils nothing.
/// </summary>
internal sealed class MetricsFile : IDisposable
{
    private readonly DiskGuard _disk;
    private readonly FileStream _file;

    // Where the first line of each step begins, in their order.
    private readonly List<(long Step, long Position)> _starts = [];
    private long _done;

    /// <summary>Makes the file, or goes on with it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="warn">Is told when the disk refuses.</param>
    public MetricsFile(string path, Action<string> warn)
    {
        _disk = new DiskGuard(path, warn);
        var next = $"{path}.next";
        _file = new FileStream(next, FileMode.Create, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        if (File.Exists(path))
        {
            foreach (var line in File.ReadLines(path).Where(IsWhole))
                Write(line);
            Flush();
        }

        _disk.Try(() => File.Move(next, path, overwrite: true));
    }

    /// <summary>Adds a line.</summary>
    /// <param name="line">An event as JSON.</param>
    public void Write(string line) => _disk.Try(() => Add(line));

    /// <summary>Hands what was written to the system.</summary>
    public void Flush() => _disk.Try(_file.Flush);

    /// <inheritdoc/>
    public void Dispose()
    {
        Flush();
        _disk.Try(_file.Dispose);
    }

    private void Add(string line)
    {
        using (var happened = JsonDocument.Parse(line))
        {
            var kind = happened.RootElement.GetProperty("event").GetString();
            if (kind is "step" or "wire")
                BeginStep(happened.RootElement.GetProperty("step").GetInt64(), isDone: kind == "step");
        }

        _file.Write(Encoding.UTF8.GetBytes(line + "\n"));
    }

    // What a step sent comes before the step itself, so the first of its lines to come again is the one that goes back.
    private void BeginStep(long step, bool isDone)
    {
        var first = _starts.FindIndex(s => s.Step >= step);
        if (first >= 0 && (!isDone || step <= _done))
        {
            _file.SetLength(_starts[first].Position);
            _file.Position = _starts[first].Position;
            _starts.RemoveRange(first, _starts.Count - first);
            first = -1;
        }

        if (first < 0)
            _starts.Add((step, _file.Position));
        _done = isDone ? step : Math.Min(_done, step - 1);
    }

    // A process that is killed may leave half a line.
    private static bool IsWhole(string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
