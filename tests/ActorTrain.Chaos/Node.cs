using System.Diagnostics;
using System.Globalization;

namespace ActorTrain.Chaos;

/// <summary>A node as a process.</summary>
internal sealed class Node : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly TaskCompletionSource _up = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Node(Process process, int number)
    {
        (_process, Number) = (process, number);
        process.OutputDataReceived += (_, line) => Take(line.Data);
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Which one it is in its scenario.</summary>
    public int Number { get; }

    /// <summary>Where its control plane is.</summary>
    public string Address { get; private set; } = "";

    /// <summary>Whether it counts as living: it was neither killed, stopped nor told to leave.</summary>
    public bool IsWell { get; private set; } = true;

    /// <summary>Its resident memory; 0 when it is gone.</summary>
    public long ResidentBytes
    {
        get
        {
            _process.Refresh();
            return _process.HasExited ? 0 : _process.WorkingSet64;
        }
    }

    /// <summary>Starts a node and waits until it is up.</summary>
    public static async Task<Node> StartAsync(int number, string directory, IReadOnlyList<string> seeds)
    {
        var file = Path.Combine(directory, string.Create(CultureInfo.InvariantCulture, $"node-{number}.conf"));
        await File.WriteAllTextAsync(file, string.Create(CultureInfo.InvariantCulture, $$"""
            actortrain.node {
              port = 0
              seeds = [{{string.Join(", ", seeds.Select(s => $"\"{s}\""))}}]
              roles = [worker, supervisor]
              devices = ["cpu:{{number % Environment.ProcessorCount}}"]
              runs = "{{directory}}"
            }
            """)).ConfigureAwait(false);
        var node = new Node(Tool.Start("node", file), number);
        await node._up.Task.WaitAsync(Patience).ConfigureAwait(false);
        return node;
    }

    /// <summary>Sends a signal.</summary>
    public void Signal(string name)
    {
        IsWell = name == "CONT" && IsWell;
        using var kill = Process.Start("kill", ["-s", name, _process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private void Take(string? line)
    {
        if (line is null)
            _up.TrySetException(new InvalidOperationException("the node ended"));
        else if (line.EndsWith(" is up", StringComparison.Ordinal))
            (Address, _) = (line.Split(' ')[1], _up.TrySetResult());
    }
}
