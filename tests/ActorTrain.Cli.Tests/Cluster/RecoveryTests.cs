using System.Diagnostics;
using System.Text.Json;

namespace ActorTrain.Cli.Tests.Cluster;

public sealed class RecoveryTests : IDisposable
{
    private const int Steps = 600;
    private static readonly string[] Settings = ["--set", $"steps={Steps}", "--set", "checkpoint.every=0", "--set", "data.validation=0"];

    private readonly Tool _tool = new();
    private readonly List<NodeProcess> _nodes = [];
    private string[] _stages = [];
    private long _parameters;

    public void Dispose()
    {
        _nodes.ForEach(node => node.Dispose());
        _tool.Dispose();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public async Task A_killed_node_costs_no_bit(int stage)
    {
        await StartAsync(3);
        var answer = await RunAsync(50, () => (stage == 0 ? Workers[0] : Workers[^1]).Signal("KILL"));
        Assert.Contains("recovered in", answer.Error, StringComparison.Ordinal);
        AssertPlainDigest(answer);
        var recovery = File.ReadLines(Path.Combine(answer.RunDirectory, "metrics.jsonl"))
            .Select(line => JsonDocument.Parse(line).RootElement)
            .Single(e => e.GetProperty("event").GetString() == "recovery");
        var parts = new[] { "detection_ms", "fence_ms", "plan_ms", "restore_ms", "replay_ms" }.Select(name => recovery.GetProperty(name).GetDouble()).ToList();
        Assert.All(parts, part => Assert.True(part > 0));
        Assert.Equal(recovery.GetProperty("total_ms").GetDouble(), parts.Sum(), 1e-6);
    }

    [Fact]
    public async Task The_node_with_the_supervisor_may_be_killed_too()
    {
        await StartAsync(3);
        var answer = await RunAsync(50, () => _nodes[0].Signal("KILL"), contact: 1);
        AssertPlainDigest(answer);
    }

    [Fact]
    public async Task A_node_that_is_told_to_leave_hands_its_layers_over_first()
    {
        await StartAsync(3);
        var answer = await RunAsync(50, () => Workers[^1].Signal("TERM"));
        Assert.Equal(0, await Workers[^1].EndAsync());
        Assert.Contains("wants to leave", answer.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("recovered in", answer.Error, StringComparison.Ordinal);
        AssertPlainDigest(answer);
    }

    [Fact]
    public async Task A_node_that_joins_gets_layers_at_the_end_of_a_step()
    {
        await StartAsync(1);
        var answer = await RunAsync(50, () => StartAsync(1).GetAwaiter().GetResult(), "--set", "steps=3000");
        Assert.Contains("have come free", answer.Error, StringComparison.Ordinal);
        var moved = answer.Error.Split('\n').Last(line => line.StartsWith("goes on after", StringComparison.Ordinal));
        Assert.All(_nodes, node => Assert.Contains(node.Address, moved, StringComparison.Ordinal));
        AssertMovedLayersOnly(answer);
        Assert.Equal(_tool.Train(["--plain", .. Settings, "--set", "steps=3000"]).Digest, answer.Digest);
    }

    [Fact]
    public async Task A_job_that_may_not_be_set_back_fails_with_the_cause()
    {
        await StartAsync(2);
        var answer = await RunAsync(50, () => _nodes[1].Signal("KILL"), "--set", "recovery.max-restarts=0");
        Assert.Equal(1, answer.ExitCode);
        Assert.Contains("more than 0 restarts", answer.Error, StringComparison.Ordinal);
    }

    // What is rounded depends on where the pipeline is cut, so the plan is given, and a third node takes the dead one's stage.
    [Fact]
    public async Task With_8_bit_edges_a_killed_node_costs_no_bit_under_the_same_plan()
    {
        string[] lossy = ["--set", "wire.activations=bf16", "--set", "wire.gradients=int8", "--set", "pipeline.partition=[2, 2]"];
        await StartAsync(3);
        var undisturbed = await RunAsync(50, () => { }, lossy);
        var answer = await RunAsync(50, () => Workers[^1].Signal("KILL"), lossy);
        Assert.Contains("recovered in", answer.Error, StringComparison.Ordinal);
        Assert.Equal(undisturbed.Digest, answer.Digest);
        Assert.NotEqual(_tool.Train(["--plain", .. Settings]).Digest, answer.Digest);
    }

    [Fact]
    public async Task A_node_that_comes_and_goes_at_once_moves_nothing()
    {
        await StartAsync(1);
        var answer = await RunAsync(50, () =>
        {
            StartAsync(1).GetAwaiter().GetResult();
            _nodes[1].Signal("TERM");
            Assert.Equal(0, _nodes[1].EndAsync().GetAwaiter().GetResult());
        }, "--set", "steps=3000");
        Assert.DoesNotContain("goes on after", answer.Error, StringComparison.Ordinal);
        Assert.Equal(_tool.Train(["--plain", .. Settings, "--set", "steps=3000"]).Digest, answer.Digest);
    }

    [Fact]
    public async Task When_both_nodes_with_a_layers_snapshots_die_the_run_goes_back_to_its_last_checkpoint()
    {
        // Stages stand in the order of addresses, and the next stage's node keeps the copies. Two of five are a minority.
        await StartAsync(5);
        var stages = _nodes.OrderBy(node => node.Address, StringComparer.Ordinal).Take(4).ToList();
        var (holder, buddy) = stages.Zip(stages.Skip(1)).First(pair => pair.First != _nodes[0] && pair.Second != _nodes[0]);
        var answer = await RunAsync(
            150,
            () =>
            {
                holder.Signal("KILL");
                buddy.Signal("KILL");
            },
            "--set", "checkpoint.every=100");
        Assert.Contains("goes on after step 100:", answer.Error, StringComparison.Ordinal);
        AssertPlainDigest(answer);
    }

    // The nodes with a stage, in the pipeline's order, but for the supervisor's. A job begins with the devices that are ready.
    private List<NodeProcess> Workers =>
        [.. _stages.Select(stage => _nodes.First(node => stage.StartsWith($"{node.Address} ", StringComparison.Ordinal))).Where(node => node != _nodes[0])];

    // Follows a job, and does something when it has come to a step.
    private Task<Answer> RunAsync(int step, Action act, params string[] more) => RunAsync(step, act, contact: 0, more);

    private Task<Answer> RunAsync(int step, Action act, int contact, params string[] more) => Task.Run(() =>
    {
        using var submit = Tool.Start(
            ["submit", "hocon/jobs/kjv-gpt-tiny.conf", "--to", _nodes[contact].Address, "--follow", "--json", .. Settings, .. more]);
        ReadTo(submit, step);
        act();
        return Tool.Finish(submit);
    });

    private void ReadTo(Process submit, int step)
    {
        while (submit.StandardOutput.ReadLine() is { } line)
        {
            if (line.Contains("\"event\":\"start\"", StringComparison.Ordinal))
                TakeStart(JsonDocument.Parse(line).RootElement);
            if (line.Contains($"\"step\":{step},", StringComparison.Ordinal))
                return;
        }

        Assert.Fail(submit.StandardError.ReadToEnd());
    }

    private void TakeStart(JsonElement start)
    {
        _stages = [.. start.GetProperty("stages").EnumerateArray().Select(s => s.GetString()!)];
        _parameters = start.GetProperty("parameters").GetInt64();
    }

    private async Task StartAsync(int count)
    {
        for (var i = 0; i < count; i++)
            _nodes.Add(await NodeProcess.StartAsync(_tool.Runs, _nodes.Count == 0 ? null : _nodes[0].Address));
    }

    // Three buffers of float32 for each parameter: itself and AdamW's two. The rest stayed where it was.
    private void AssertMovedLayersOnly(Answer answer)
    {
        var move = answer.Events.Single(e => e.TryGetProperty("event", out var name) && name.GetString() == "move");
        Assert.InRange(move.GetProperty("fetched_bytes").GetInt64(), 1, 3 * sizeof(float) * (_parameters - 1));
    }

    private void AssertPlainDigest(Answer answer) => Assert.Equal(_tool.Train(["--plain", .. Settings]).Digest, answer.Digest);
}
