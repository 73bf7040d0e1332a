using System.Diagnostics;
using System.Text.Json;

namespace ActorTrain.Cli.Tests.Cluster;

/// <summary>A run as its events come, for as long as they are of interest.</summary>
internal sealed class FollowedRun : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly IEnumerable<NodeProcess> _nodes;
    private readonly Lock _gate = new();
    private readonly List<string> _losses = [];
    private readonly List<string> _notes = [];

    /// <summary>Takes a process over.</summary>
    /// <param name="process">The process.</param>
    /// <param name="nodes">The nodes of its cluster; what they said tells why something did not happen.</param>
    public FollowedRun(Process process, params IEnumerable<NodeProcess> nodes)
    {
        (_process, _nodes) = (process, nodes);
        process.OutputDataReceived += (_, line) => TakeEvent(line.Data);
        process.ErrorDataReceived += (_, line) => TakeNote(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>The losses of the steps from 1 on, as they were written.</summary>
    public IReadOnlyList<string> Losses
    {
        get
        {
            lock (_gate)
                return [.. _losses];
        }
    }

    /// <summary>What was said about the run.</summary>
    public IReadOnlyList<string> Notes
    {
        get
        {
            lock (_gate)
                return [.. _notes];
        }
    }

    /// <summary>Waits until so many steps have come.</summary>
    public Task HasStepsAsync(int count) => UntilAsync(() => Losses.Count >= count, $"step {count}");

    /// <summary>Waits until something is said, and that has come true for some steps.</summary>
    public async Task SaysAsync(Predicate<string> note, string what)
    {
        await UntilAsync(() => Notes.Any(n => note(n)), what);
        await HasStepsAsync(Losses.Count + 20);
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private async Task UntilAsync(Func<bool> condition, string what)
    {
        var patience = Stopwatch.StartNew();
        while (!condition())
        {
            if (patience.Elapsed > Patience)
                throw new TimeoutException($"{what} did not come; step {Losses.Count} did, and: {string.Join('\n', [.. Notes, .. _nodes.Select(n => n.Output)])}");
            await Task.Delay(20);
        }
    }

    private void TakeEvent(string? line)
    {
        if (line is null)
            return;
        using var document = JsonDocument.Parse(line);
        var root = document.RootElement;
        if (root.GetProperty("event").GetString() != "step")
            return;
        lock (_gate)
        {
            Assert.Equal(_losses.Count + 1, root.GetProperty("step").GetInt64());
            _losses.Add(root.GetProperty("loss").GetRawText());
        }
    }

    private void TakeNote(string? line)
    {
        lock (_gate)
            _notes.Add(line ?? "");
    }
}
