using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace ActorTrain.Cli.Tests.Cluster;

/// <summary>A node as a process of its own.</summary>
internal sealed partial class NodeProcess : IDisposable
{
    private const int FirstPort = 20_000;
    private const int Ports = 10_000;

    private static int _port = Environment.ProcessId * 100;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly List<string> _lines = [];
    private readonly TaskCompletionSource _up = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private NodeProcess(Process process)
    {
        Process = process;
        process.OutputDataReceived += (_, line) => Take(line.Data);
        process.ErrorDataReceived += (_, line) => Take(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>The process.</summary>
    public Process Process { get; }

    /// <summary>Where its control plane is, once it is up.</summary>
    public string Address => Place().Groups["address"].Value;

    /// <summary>Its data port, once it is up.</summary>
    public int DataPort => int.Parse(Place().Groups["port"].Value, CultureInfo.InvariantCulture);

    /// <summary>What it has said so far.</summary>
    public string Output
    {
        get
        {
            lock (_lines)
                return string.Join('\n', _lines);
        }
    }

    /// <summary>Starts a node on loopback, and waits until it is up.</summary>
    /// <param name="directory">Where its file goes.</param>
    /// <param name="seed">The node to join, or null to begin a cluster.</param>
    /// <param name="settings">Further lines of its file's <c>actortrain.node</c>.</param>
    public static Task<NodeProcess> StartAsync(string directory, string? seed, params string[] settings) =>
        StartAsync([], directory, seed, settings);

    /// <summary>Starts a node through another program.</summary>
    public static Task<NodeProcess> StartAsync(IReadOnlyList<string> launcher, string directory, string? seed, params string[] settings) =>
        StartAsync(launcher, [], directory, seed, settings);

    /// <summary>Starts a node through another program, with further arguments.</summary>
    public static async Task<NodeProcess> StartAsync(
        IReadOnlyList<string> launcher, IReadOnlyList<string> arguments, string directory, string? seed, params string[] settings)
    {
        var file = Path.Combine(directory, $"{Guid.NewGuid():n}.conf");
        await File.WriteAllTextAsync(file, $$"""
            actortrain.node {
              port = {{(seed is null ? FreePorts(1)[0] : 0)}}
              seeds = [{{(seed is null ? "" : $"\"{seed}\"")}}]
              roles = [worker, supervisor]
              devices = ["cpu:0"]
              runs = "{{directory}}"
              {{string.Join("\n  ", settings)}}
            }
            """);
        var node = new NodeProcess(Tool.StartWith(launcher, ["node", file, .. arguments]));
        await node._up.Task.WaitAsync(Patience);
        return node;
    }

    /// <summary>Sends a signal.</summary>
    public void Signal(string name)
    {
        using var kill = Process.Start("kill", ["-s", name, Process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>Waits until the node has said something.</summary>
    public async Task SaysAsync(string text)
    {
        var patience = Stopwatch.StartNew();
        while (!Output.Contains(text, StringComparison.Ordinal))
        {
            if (patience.Elapsed > Patience)
                throw new TimeoutException($"the node did not say '{text}': {Output}");
            await Task.Delay(20);
        }
    }

    /// <summary>Waits until the process has ended.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> EndAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        await Process.WaitForExitAsync(patience.Token);
        return Process.ExitCode;
    }

    public void Dispose()
    {
        if (!Process.HasExited)
            Process.Kill();
        Process.WaitForExit();
        Process.Dispose();
    }

    /// <summary>
    /// Ports that are free, in the order in which addresses with them are. Below those that the system gives out, which another
    /// process could get until they are used.
    /// </summary>
    public static int[] FreePorts(int count)
    {
        var ports = new List<int>();
        while (ports.Count < count)
        {
            var port = FirstPort + (int)((uint)Interlocked.Increment(ref _port) % Ports);
            if (IsFree(port))
                ports.Add(port);
        }

        return [.. ports.OrderBy(port => port.ToString(CultureInfo.InvariantCulture), StringComparer.Ordinal)];
    }

    private static bool IsFree(int port)
    {
        using var probe = new TcpListener(IPAddress.Loopback, port);
        try
        {
            probe.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private void Take(string? line)
    {
        if (line is null)
        {
            _up.TrySetException(new InvalidOperationException($"the node ended: {Output}"));
            return;
        }

        lock (_lines)
            _lines.Add(line);
        if (line.EndsWith(" is up", StringComparison.Ordinal))
            _up.TrySetResult();
    }

    private Match Place() => PlacePattern().Match(Output);

    [GeneratedRegex(@"^node (?<address>\S+) offers .*; data port (?<port>\d+)", RegexOptions.Multiline)]
    private static partial Regex PlacePattern();
}
