namespace ActorTrain.Cli.Running;

/// <summary>
/// A file that gets one line for each event. When the disk refuses a line, that is told once and the file gets no more: a full
/// disk costs a run its record, not its result.
/// </summary>
/// <param name="path">The file; lines are appended.</param>
/// <param name="warn">Is told of the refusal.</param>
internal sealed class EventFile(string path, Action<string> warn) : IAsyncDisposable
{
    private readonly StreamWriter _writer = new(path, append: true);
    private bool _refused;

    /// <summary>Appends a line.</summary>
    public Task WriteLineAsync(string line) => TryAsync(() => _writer.WriteLineAsync(line));

    /// <summary>Writes what is left, and closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        await TryAsync(_writer.FlushAsync).ConfigureAwait(false);
        await TryAsync(() => _writer.DisposeAsync().AsTask()).ConfigureAwait(false);
    }

    private async Task TryAsync(Func<Task> write)
    {
        if (_refused)
            return;
        try
        {
            await write().ConfigureAwait(false);
        }
        catch (IOException e)
        {
            _refused = true;
            warn($"warning: {path} gets no more lines: {e.Message}");
        }
    }
}
