using System.Diagnostics;
using System.Globalization;

namespace ActorTrain.Cli.Tests.Cluster;

public sealed class ClusterUpTests : IDisposable
{
    private readonly Tool _tool = new();

    public void Dispose() => _tool.Dispose();

    [Theory]
    [InlineData(2, "1f1b")]
    [InlineData(3, "1f1b")]
    [InlineData(3, "gpipe")]
    [InlineData(2, "reactive")]
    [InlineData(2, "zb-v")]
    public void Nodes_give_the_weights_of_the_plain_loop(int nodes, string schedule) =>
        Assert.Equal(
            _tool.Train("--plain", "--set", "checkpoint.every=3").Digest,
            Up(nodes, "--set", "checkpoint.every=3", "--set", $"pipeline.schedule={schedule}").Digest);

    [Fact]
    public void What_the_planner_chooses_for_nodes_gives_the_weights_of_the_plain_loop()
    {
        var answer = Up(2, "--set", "pipeline.schedule=auto", "--set", "pipeline.recompute=auto");

        Assert.Equal(_tool.Train("--plain").Digest, answer.Digest);
        var schedule = answer.Events.First(e => e.GetProperty("event").GetString() == "start").GetProperty("schedule").GetString();
        Assert.DoesNotContain("auto", schedule, StringComparison.Ordinal);
    }

    [Fact]
    public void Stages_of_one_node_give_the_weights_of_the_plain_loop()
    {
        if (Environment.ProcessorCount < 2)
            return;
        var answer = Up(1, "--device", "cpu:0", "--device", "cpu:1");
        Assert.Equal(2, answer.Events.First(e => e.GetProperty("event").GetString() == "start").GetProperty("stages").GetArrayLength());
        Assert.Equal(_tool.Train("--plain").Digest, answer.Digest);
        Assert.Contains("no second node keeps copies", answer.Error, StringComparison.Ordinal);
    }

    // Wide activations and little to compute keep the socket full; both nodes' devices fill all cores.
    [Fact]
    public void Saturated_edges_make_no_node_look_dead()
    {
        var answer = Up(
            2, "--set", "model.width=64", "--set", "model.layers=1", "--set", "pipeline.partition=[1, 2]", "--set", "batch.sequences=128", "--set", "steps=40",
            "--set", "data.validation=0");
        var wire = answer.Events.Where(e => e.GetProperty("event").GetString() == "wire").SelectMany(e => e.GetProperty("edges").EnumerateArray());
        Assert.True(wire.Sum(e => e.GetProperty("bytes").GetInt64()) > 50_000_000);
        var logs = Directory.GetFiles(_tool.Runs, "*.log", SearchOption.AllDirectories);
        Assert.Equal(2, logs.Length);
        Assert.All(logs, log => Assert.DoesNotContain("unreachable", File.ReadAllText(log), StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void A_node_that_cannot_start_ends_all_and_says_why()
    {
        var answer = Up(2, "--device", "cpu:0", "--device", "cpu:999");
        Assert.Equal(1, answer.ExitCode);
        Assert.Contains("cpu:999", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_lossy_wire_is_smaller_and_gives_the_same_weights_every_time()
    {
        // What is rounded depends on where the pipeline is cut, which is measured unless it is given.
        string[] settings = ["--set", "wire.activations=bf16", "--set", "wire.gradients=int8", "--set", "pipeline.partition=[2, 2]"];
        var (first, second) = (Up(2, settings), Up(2, settings));
        Assert.Equal(first.Digest, second.Digest);
        Assert.NotEqual(_tool.Train("--plain").Digest, first.Digest);
        var wire = first.Events.Where(e => e.GetProperty("event").GetString() == "wire").ToList();
        Assert.True(Sum("raw_bytes") > 1.3 * Sum("bytes"));

        long Sum(string key) => wire.SelectMany(w => w.GetProperty("edges").EnumerateArray()).Sum(e => e.GetProperty(key).GetInt64());
    }

    [Fact]
    public void Control_C_ends_the_job_after_a_checkpoint_and_all_nodes()
    {
        using var process = Tool.Start([.. Arguments(2), "--set", "steps=100000", "--set", "data.validation=0"]);
        string? line;
        do
            line = process.StandardOutput.ReadLine();
        while (line is not null && !line.Contains("\"step\":20,", StringComparison.Ordinal));
        using (Process.Start("kill", ["-s", "INT", process.Id.ToString(CultureInfo.InvariantCulture)]))
        {
        }

        var answer = Tool.Finish(process);
        Assert.Equal(130, answer.ExitCode);
        Assert.True(answer.Done.GetProperty("interrupted").GetBoolean());
        Assert.NotEmpty(Directory.GetDirectories(Path.Combine(answer.RunDirectory, "checkpoints"), "step-*"));
    }

    [Theory]
    [InlineData("data.path=nowhere.txt", "nowhere.txt")]
    [InlineData("pipeline.devices=[\"cpu:0\"]", "devices = auto")]
    [InlineData("model.heads=3", "heads")]
    public void A_job_that_the_nodes_cannot_read_is_refused(string setting, string named)
    {
        var answer = Up(1, "--set", setting);
        Assert.Equal(2, answer.ExitCode);
        Assert.Contains(named, answer.Error, StringComparison.Ordinal);
    }

    private Answer Up(int nodes, params string[] settings) => Tool.Run([.. Arguments(nodes), .. settings]);

    private IReadOnlyList<string> Arguments(int nodes) =>
        ["cluster", "up", "--nodes", nodes.ToString(CultureInfo.InvariantCulture), .. Job()];

    private IReadOnlyList<string> Job() => ["--job", "hocon/jobs/kjv-gpt-tiny.conf", "--json", "--runs", _tool.Runs];
}
