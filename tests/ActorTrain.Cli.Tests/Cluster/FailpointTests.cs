using System.Globalization;

namespace ActorTrain.Cli.Tests.Cluster;

/// <summary>
/// Processes that die at named places. Each run has two that do, so that some die while the others recover from the first:
/// of five nodes a minority.
/// </summary>
public sealed class FailpointTests : IDisposable
{
    private const int Killed = 128 + 9;
    private static readonly string[] Settings =
    [
        "--set", "steps=60", "--set", "checkpoint.every=5", "--set", "data.validation=0", "--set", "snapshot.every=1",
        "--set", "recovery.max-restarts=20",
    ];

    private static readonly (string Worker, string Buddy, string Supervisor)[] All =
    [
        ("worker/after-local-copy:3", "", "supervisor/before-fence:3"),
        ("worker/after-buddy-copy:3", "", "supervisor/after-fence:3"),
        ("worker/before-fence:1", "buddy/after-buddy-receive:3", ""),
        ("worker/after-local-copy:8", "buddy/before-fence:1", ""),
        ("worker/after-fence:1", "buddy/before-commit:2", ""),
        ("worker/before-commit:2", "buddy/after-fence:1", ""),
        ("worker/after-commit:2", "", "supervisor/before-go:2"),
        ("", "buddy/after-commit:2", "supervisor/after-go:2"),
        ("worker/after-install:1", "", "supervisor/before-commit:3"),
        ("worker/after-installed:1", "", "supervisor/after-commit:3"),
        ("worker/before-go:1", "", "supervisor/before-manifest-rename:1"),
        ("worker/after-go:1", "", "supervisor/after-manifest-rename:1"),
    ];

    private static readonly Lazy<string> Plain = new(PlainDigest);

    private readonly Tool _tool = new();
    private readonly List<NodeProcess> _nodes = [];

    public void Dispose()
    {
        _nodes.ForEach(node => node.Dispose());
        _tool.Dispose();
    }

    /// <summary>Every place in every role; without <c>ACTORTRAIN_LONG_TESTS=1</c> one of them, for each takes half a minute.</summary>
    public static TheoryData<string, string, string> Places
    {
        get
        {
            var places = new TheoryData<string, string, string>();
            foreach (var (row, i) in All.Select((row, i) => (row, i)))
                if (i == 1 || Environment.GetEnvironmentVariable("ACTORTRAIN_LONG_TESTS") == "1")
                    places.Add(row.Worker, row.Buddy, row.Supervisor);
            return places;
        }
    }

    // The first worker has the stage, for its address is the lowest; the second is its buddy. The supervisor's node has no device.
    [Theory]
    [MemberData(nameof(Places))]
    public async Task A_process_that_dies_there_costs_no_bit(string worker, string buddy, string supervisor)
    {
        await StartAsync(supervisor, worker, buddy);
        var answer = await Task.Run(() => Tool.Run(
            ["submit", "hocon/jobs/kjv-gpt-tiny.conf", "--to", _nodes[^1].Address, "--follow", "--json", "--set", "pipeline.partition=[4]", .. Settings]));
        Assert.True(answer.ExitCode == 0, $"{answer.Error}\n{string.Join("\n--\n", _nodes.Select(n => n.Output))}");
        Assert.Equal(Plain.Value, answer.Digest);
        foreach (var (node, order) in _nodes.Zip([supervisor, worker, buddy]).Where(n => n.Second.Length > 0))
            Assert.True(node.Process.HasExited && node.Process.ExitCode == Killed, $"{order} was not reached: {answer.Error}\n{node.Output}");
    }

    [Fact]
    public void What_is_no_failpoint_is_refused_before_the_node_starts()
    {
        using var node = Tool.StartWith(["env", "ACTORTRAIN_FAILPOINT=after-lunch:1"], "node", "hocon/seed.conf");
        var answer = Tool.Finish(node);
        Assert.Equal(2, answer.ExitCode);
        Assert.Contains("there is no place 'after-lunch'", answer.Error, StringComparison.Ordinal);
    }

    private static string PlainDigest()
    {
        using var tool = new Tool();
        return tool.Train(["--plain", .. Settings]).Digest;
    }

    private async Task StartAsync(string supervisor, params string[] workers)
    {
        var ports = NodeProcess.FreePorts(5);
        _nodes.Add(await StartAsync(ports[0], supervisor, null, "--set", "roles=[supervisor]", "--set", "devices=auto"));
        var starts = Enumerable.Range(1, 4).Select(i =>
            StartAsync(ports[i], workers.ElementAtOrDefault(i - 1) ?? "", _nodes[0].Address));
        _nodes.AddRange(await Task.WhenAll(starts));
    }

    private Task<NodeProcess> StartAsync(int port, string order, string? seed, params string[] more) => NodeProcess.StartAsync(
        order.Length == 0 ? [] : ["env", $"ACTORTRAIN_FAILPOINT={order}"],
        ["--set", string.Create(CultureInfo.InvariantCulture, $"port={port}"), .. more],
        _tool.Runs,
        seed);
}
