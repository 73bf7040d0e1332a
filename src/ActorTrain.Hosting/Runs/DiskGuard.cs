namespace ActorTrain.Hosting.Runs;

/// <summary>
/// Lets a file be written until the disk refuses, which is told once: a full disk costs a run its record, not its result.
/// </summary>
/// <param name="path">The file.</param>
/// <param name="warn">Is told of the refusal.</param>
internal sealed class DiskGuard(string path, Action<string> warn)
{
    private bool _refused;

    /// <summary>Does something with the file, unless the disk has refused before.</summary>
    public void Try(Action write)
    {
        if (_refused)
            return;
        try
        {
            write();
        }
        catch (IOException e)
        {
            _refused = true;
            warn($"warning: {path} gets no more lines: {e.Message}");
        }
    }
}
