using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace ActorTrain.Cli.Tests.Cluster;

public sealed class NodeTests : IDisposable
{
    private readonly Tool _tool = new();

    public void Dispose() => _tool.Dispose();

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task A_node_leaves_when_it_is_told_to(string signal)
    {
        using var seed = await NodeProcess.StartAsync(_tool.Runs, seed: null);
        using var worker = await NodeProcess.StartAsync(_tool.Runs, seed.Address);
        var before = Tool.Run("health", seed.Address);
        Assert.Equal(0, before.ExitCode);
        Assert.Contains(worker.Address, before.Output, StringComparison.Ordinal);

        worker.Signal(signal);
        Assert.Equal(0, await worker.EndAsync());
        Assert.DoesNotContain(worker.Address, Tool.Run("health", seed.Address).Output, StringComparison.Ordinal);
        Assert.DoesNotContain("unreachable", seed.Output, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_submitted_job_goes_on_when_nobody_follows_it()
    {
        using var seed = await NodeProcess.StartAsync(_tool.Runs, seed: null);
        var submitted = Tool.Run("submit", "hocon/jobs/kjv-gpt-tiny.conf", "--to", seed.Address);
        Assert.Equal(0, submitted.ExitCode);
        Assert.Contains("is accepted", submitted.Output, StringComparison.Ordinal);
        var followed = Tool.Run("submit", "hocon/jobs/kjv-gpt-tiny.conf", "--to", seed.Address, "--follow", "--json");
        Assert.Equal(_tool.Train("--plain").Digest, followed.Digest);
        Assert.Equal(2, Directory.GetDirectories(Path.Combine(_tool.Runs, "kjv-gpt-tiny"), "2*").Length - 1);
    }

    [Theory]
    [InlineData("1f1b", "[2, 2]")]
    [InlineData("zb-v", "auto")]
    public async Task A_followed_run_of_two_nodes_is_traced_on_one_time_axis(string schedule, string partition)
    {
        using var seed = await NodeProcess.StartAsync(_tool.Runs, seed: null);
        using var worker = await NodeProcess.StartAsync(_tool.Runs, seed.Address);
        var file = Path.Combine(_tool.Runs, "t.json");
        var run = Tool.Run(
            "submit", "hocon/jobs/kjv-gpt-tiny.conf", "--to", seed.Address, "--follow", "--json", "--trace", file, "--trace-steps", "4-6",
            "--set", $"pipeline.schedule={schedule}", "--set", $"pipeline.partition={partition}");
        Assert.Equal(_tool.Train("--plain").Digest, run.Digest);

        using var trace = JsonDocument.Parse(File.ReadAllText(file));
        var events = trace.RootElement.GetProperty("traceEvents").EnumerateArray().ToList();
        List<JsonElement> Of(string phase) => [.. events.Where(e => e.GetProperty("ph").GetString() == phase)];
        var nodes = Of("M").Where(e => e.GetProperty("name").GetString() == "process_name").Select(e => e.GetProperty("args").GetProperty("name").GetString());
        Assert.Equal(new[] { seed.Address, worker.Address }.Order(), nodes.Order());
        Assert.Equal([4L, 5L, 6L], Of("X").Select(e => e.GetProperty("args").GetProperty("step").GetInt64()).Distinct().Order());

        // An arrow that leaves one node reaches the other, and none goes back in time by more than clocks are read apart on a
        // machine that is busy.
        var ends = Of("f").ToDictionary(e => e.GetProperty("id").GetInt32());
        Assert.NotEmpty(ends);
        Assert.All(Of("s"), start =>
        {
            var end = ends[start.GetProperty("id").GetInt32()];
            Assert.NotEqual(start.GetProperty("pid").GetInt32(), end.GetProperty("pid").GetInt32());
            Assert.True(start.GetProperty("ts").GetDecimal() <= end.GetProperty("ts").GetDecimal() + 100_000);
        });
        var report = JsonDocument.Parse(Tool.Run("trace", file, "--json").Output).RootElement;
        Assert.Equal(6, report.GetProperty("lastStep").GetInt32());
    }

    [Fact]
    public async Task Strangers_on_the_data_port_are_closed_and_named_in_the_log_while_a_job_goes_on()
    {
        using var seed = await NodeProcess.StartAsync(_tool.Runs, seed: null);
        using var worker = await NodeProcess.StartAsync(_tool.Runs, seed.Address);
        var job = Task.Run(() => Tool.Run(
            "submit", "hocon/jobs/kjv-gpt-tiny.conf", "--to", seed.Address, "--follow", "--json", "--set", "pipeline.partition=[2, 2]"));
        foreach (var node in new[] { seed, worker })
            foreach (var bytes in new[] { "GET / HTTP/1.1\r\n\r\n"u8.ToArray(), [0xCE, 0xFF, 0xFF, 0xFF, 0xFF, 1, 2, 3], [0xCE, 0, 0, 0, 40, 0x96] })
                Assert.Equal(0, await SendAsync(node.DataPort, bytes));

        Assert.Equal(_tool.Train("--plain").Digest, (await job).Digest);
        Assert.Contains("was closed: ", seed.Output, StringComparison.Ordinal);
        Assert.Contains("another protocol", seed.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Submitting_where_no_node_is_fails_with_a_clear_error()
    {
        var answer = Tool.Run("submit", "hocon/jobs/kjv-gpt-tiny.conf", "--to", "127.0.0.1:9");
        Assert.Equal(1, answer.ExitCode);
        Assert.Contains("no node of a cluster answers at 127.0.0.1:9", answer.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("node", "nowhere.conf")]
    [InlineData("node", "hocon/seed.conf", "--set", "prot=1")]
    [InlineData("node", "hocon/seed.conf", "--set", "devices=[\"cpu:999\"]")]
    [InlineData("submit", "hocon/jobs/kjv-gpt-tiny.conf")]
    [InlineData("submit", "hocon/jobs/kjv-gpt-tiny.conf", "--to", "nowhere")]
    [InlineData("submit", "hocon/jobs/kjv-gpt-tiny.conf", "--to", "127.0.0.1:9", "--set", "wire.gradients=int7")]
    [InlineData("health", "nowhere")]
    [InlineData("cluster", "up", "--nodes", "0")]
    public void Wrong_usage_is_refused_with_exit_code_2(params string[] arguments)
    {
        var answer = Tool.Run(arguments);
        Assert.Equal((2, ""), (answer.ExitCode, answer.Output));
        Assert.StartsWith("error: ", answer.Error, StringComparison.Ordinal);
    }

    // Sends bytes as a stranger would, and reads until the node closes.
    private static async Task<int> SendAsync(int port, byte[] bytes)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, port, patience.Token);
        await socket.SendAsync(bytes, patience.Token);
        try
        {
            return await socket.ReceiveAsync(new byte[64], patience.Token);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
        {
            return 0;
        }
    }
}
