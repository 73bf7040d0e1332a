using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ActorTrain.Compute.Native;
using ActorTrain.Core.Settings;

namespace ActorTrain.Cli.Running;

/// <summary>
/// Nodes on this machine, each a process of its own with a share of the cores. They live no longer than this process:
/// when it ends, however that happens, their standard input closes and they leave.
/// </summary>
internal sealed class LocalNodes : IAsyncDisposable
{
    private static readonly TimeSpan LeaveTimeout = TimeSpan.FromSeconds(20);

    private const string DashboardPrefix = "dashboard: ";

    private readonly List<Process> _processes = [];
    private readonly TaskCompletionSource<string> _dashboard = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private LocalNodes(string contact, string directory) => (Contact, LogDirectory) = (contact, directory);

    /// <summary>The first node, as <c>HOST:PORT</c>.</summary>
    public string Contact { get; }

    /// <summary>Where the first node's dashboard is, once it says so.</summary>
    public Task<string> Dashboard => _dashboard.Task;

    /// <summary>Where the nodes' files and logs are.</summary>
    public string LogDirectory { get; }

    /// <summary>Starts nodes; the first begins the cluster.</summary>
    /// <param name="count">How many.</param>
    /// <param name="devices">The devices that are shared out; those of this machine's processor when there are none.</param>
    /// <param name="runs">The directory that runs get a directory of their own in.</param>
    /// <param name="httpPort">The port of the first node's dashboard; 0 for any that is free, null for none.</param>
    public static LocalNodes Start(int count, IReadOnlyList<string> devices, string runs, int? httpPort)
    {
        var stamp = DateTime.UtcNow.ToString("yyyyMMdd-HHmmss-fff", CultureInfo.InvariantCulture);
        var directory = Directory.CreateDirectory(Path.GetFullPath(Path.Combine(runs, "cluster", stamp))).FullName;
        var seed = new HostPort("127.0.0.1", FreePort());
        var nodes = new LocalNodes(seed.ToString(), directory);
        var shares = Share(devices.Count > 0 ? devices : Cores(count), count);
        for (var i = 0; i < count; i++)
        {
            var file = Path.Combine(directory, string.Create(CultureInfo.InvariantCulture, $"node-{i}.conf"));
            File.WriteAllText(file, NodeFileText(i == 0 ? seed.Port : 0, i == 0 ? "" : $"\"{seed}\"", shares[i], runs, i == 0 ? httpPort : null));
            nodes._processes.Add(nodes.Launch(file));
        }

        return nodes;
    }

    /// <summary>Waits until a node ends before it was asked to.</summary>
    /// <param name="cancelled">Ends waiting.</param>
    /// <returns>Which, and with what exit code.</returns>
    public async Task<Ended> WaitForEarlyEndAsync(CancellationToken cancelled)
    {
        var ended = await Task.WhenAny(_processes.Select(async (process, i) =>
        {
            await process.WaitForExitAsync(cancelled).ConfigureAwait(false);
            return new Ended(i, process.ExitCode);
        })).ConfigureAwait(false);
        return await ended.ConfigureAwait(false);
    }

    /// <summary>What happened to a node, with the last line of its log.</summary>
    public string Describe(Ended ended)
    {
        var log = Path.Combine(LogDirectory, string.Create(CultureInfo.InvariantCulture, $"node-{ended.Node}.log"));
        return string.Create(CultureInfo.InvariantCulture, $"node {ended.Node} ended with exit code {ended.ExitCode}: {File.ReadLines(log).LastOrDefault()} (log {log})");
    }

    /// <summary>Asks all nodes to leave, and ends those that do not.</summary>
    public async ValueTask DisposeAsync()
    {
        // The first last: it carries the supervisor, and lets the others go.
        await LeaveAsync(_processes[1..]).ConfigureAwait(false);
        await LeaveAsync(_processes[..1]).ConfigureAwait(false);
    }

    private static async Task LeaveAsync(List<Process> processes)
    {
        foreach (var process in processes)
            process.StandardInput.Close();
        using var timeout = new CancellationTokenSource(LeaveTimeout);
        foreach (var process in processes)
        {
            try
            {
                await process.WaitForExitAsync(timeout.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                process.Kill();
            }

            process.Dispose();
        }
    }

    /// <summary>A node that has ended.</summary>
    /// <param name="Node">Which, from 0.</param>
    /// <param name="ExitCode">Its exit code.</param>
    internal sealed record Ended(int Node, int ExitCode);

    // Its own devices, or where there are fewer devices than nodes one that others have too.
    private static List<List<string>> Share(IReadOnlyList<string> devices, int nodes) =>
        [.. Enumerable.Range(0, nodes).Select(i => devices.Count >= nodes
            ? devices.Where((_, d) => d * nodes / devices.Count == i).ToList()
            : [devices[i % devices.Count]])];

    private static List<string> Cores(int nodes)
    {
        var cores = CpuAffinity.AllowedCores();
        return [.. cores.Take(Math.Max(nodes, cores.Count / nodes * nodes)).Select(core => string.Create(CultureInfo.InvariantCulture, $"cpu:{core}"))];
    }

    private static string NodeFileText(int port, string seeds, List<string> devices, string runs, int? httpPort) => $$"""
        actortrain.node {
          port = {{port}}
          seeds = [{{seeds}}]
          roles = [worker, supervisor]
          devices = [{{string.Join(", ", devices.Select(d => $"\"{d}\""))}}]
          data = "{{Directory.GetCurrentDirectory()}}"
          runs = "{{Path.GetFullPath(runs)}}"
          http { enabled = {{(httpPort is null ? "false" : "true")}}, port = {{httpPort ?? 0}} }
        }

        """;

    private Process Launch(string file)
    {
        var info = SelfProgram.Command("node", file, "--until-stdin-closes");
        info.RedirectStandardInput = info.RedirectStandardOutput = info.RedirectStandardError = true;
        var log = new StreamWriter(Path.ChangeExtension(file, ".log")) { AutoFlush = true };
        var process = Process.Start(info)!;
        process.OutputDataReceived += (_, line) => Write(log, line.Data);
        process.ErrorDataReceived += (_, line) => Write(log, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private void Write(StreamWriter log, string? line)
    {
        if (line is null)
            return;
        if (line.StartsWith(DashboardPrefix, StringComparison.Ordinal))
            _dashboard.TrySetResult(line[DashboardPrefix.Length..]);
        lock (log)
            log.WriteLine(line);
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
