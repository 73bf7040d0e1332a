using System.Diagnostics;
using System.Globalization;

namespace ActorTrain.Chaos;

/// <summary>A node as a process.</summary>
internal sealed class Node : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly SemaphoreSlim _ups = new(0);

    private Node(Process process, int number, int host)
    {
        (_process, Number, Host) = (process, number, host);
        process.OutputDataReceived += (_, line) => Take(line.Data);
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Which one it is in its scenario.</summary>
    public int Number { get; }

    /// <summary>Where it runs.</summary>
    public int Host { get; }

    /// <summary>Where its control plane is.</summary>
    public string Address { get; private set; } = "";

    /// <summary>What was done to it.</summary>
    public NodeState State { get; set; }

    /// <summary>When that was done, as a time stamp of <see cref="Stopwatch"/>.</summary>
    public long Since { get; set; } = Stopwatch.GetTimestamp();

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
    public static async Task<Node> StartAsync(Hosts hosts, int number, string directory, IReadOnlyList<string> seeds)
    {
        var host = hosts.Take();
        var file = Path.Combine(directory, string.Create(CultureInfo.InvariantCulture, $"node-{number}.conf"));
        await File.WriteAllTextAsync(file, string.Create(CultureInfo.InvariantCulture, $$"""
            actortrain.node {
              host = "{{hosts.AddressOf(host)}}"
              port = 0
              seeds = [{{string.Join(", ", seeds.Select(s => $"\"{s}\""))}}]
              roles = [worker, supervisor]
              devices = ["cpu:{{number % Environment.ProcessorCount}}"]
              runs = "{{directory}}"
            }
            """)).ConfigureAwait(false);
        var node = new Node(Tool.Start(hosts.Launcher(host), "node", file), number, host);
        return await node.IsUpAsync(Patience).ConfigureAwait(false) ? node : throw new TimeoutException($"node {number} was not up in time");
    }

    /// <summary>Waits until the node says that it is up, for the first time or as a new one.</summary>
    public Task<bool> IsUpAsync(TimeSpan patience) => _ups.WaitAsync(patience);

    /// <summary>Sends a signal.</summary>
    public void Signal(string name)
    {
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
        _ups.Dispose();
    }

    private void Take(string? line)
    {
        if (line?.EndsWith(" is up", StringComparison.Ordinal) != true)
            return;
        Address = line.Split(' ')[1];
        _ups.Release();
    }
}
