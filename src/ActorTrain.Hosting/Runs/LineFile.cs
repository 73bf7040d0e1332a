namespace ActorTrain.Hosting.Runs;

/// <summary>A file that gets one line for each event, after those that it has.</summary>
/// <param name="path">The file.</param>
/// <param name="warn">Is told when the disk refuses.</param>
internal sealed class LineFile(string path, Action<string> warn) : IDisposable
{
    private readonly DiskGuard _disk = new(path, warn);
    private readonly StreamWriter _writer = new(path, append: true);

    /// <summary>Adds a line.</summary>
    public void Write(string line) => _disk.Try(() => _writer.WriteLine(line));

    /// <inheritdoc/>
    public void Dispose()
    {
        _disk.Try(_writer.Flush);
        _disk.Try(_writer.Dispose);
    }
}
