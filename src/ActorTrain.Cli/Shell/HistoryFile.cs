using ActorTrain.Admin;

namespace ActorTrain.Cli.Shell;

/// <summary>Keeps what was typed from one session to the next. A history that cannot be kept is not worth an error.</summary>
internal sealed class HistoryFile
{
    private readonly string _path = Path.Combine(
        Environment.GetEnvironmentVariable("XDG_STATE_HOME") is { Length: > 0 } state
            ? state
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state"),
        "actortrain",
        "history");

    /// <summary>What was typed in earlier sessions.</summary>
    public LineHistory Read()
    {
        try
        {
            return LineHistory.Of(File.Exists(_path) ? File.ReadLines(_path) : []);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return LineHistory.Of([]);
        }
    }

    /// <summary>Adds a line.</summary>
    public void Append(string line)
    {
        if (line.Length == 0)
            return;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
            File.AppendAllText(_path, $"{line}\n");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }
}
