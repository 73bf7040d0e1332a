using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace ActorTrain.Cli.Tests.Shell;

[SuppressMessage("Design", "CA1001", Justification = "DisposeAsync disposes.")]
public sealed class ShellJobTests : IAsyncLifetime
{
    private readonly ShellCluster _cluster = new();
    private readonly Tool _tool = new();

    public Task InitializeAsync() => _cluster.InitializeAsync();

    public Task DisposeAsync()
    {
        _tool.Dispose();
        return _cluster.DisposeAsync();
    }

    [Fact]
    public async Task A_job_that_was_paused_moved_and_saved_ends_with_the_bits_of_the_plain_loop()
    {
        // The job of the fixture makes room.
        Assert.Equal(0, _cluster.Run("train", "stop", "--yes").ExitCode);
        await _cluster.IsAsync("stopped", _cluster.Job);

        var job = _cluster.Submit("steps=400", "checkpoint.every=400", "pipeline.scale=manual", "pipeline.partition=[2, 2]");
        var paused = _cluster.Json("train", "pause", job);
        Assert.Equal("paused", _cluster.Status(job).GetProperty("state").GetString());
        var step = paused.GetProperty("step").GetInt64();
        Assert.Equal(step, _cluster.Status(job).GetProperty("step").GetInt64());

        var other = _cluster.Nodes.Except(_cluster.Json("stage", "list", job).EnumerateArray().Select(s => s.GetProperty("node").GetString()!)).Single();
        _cluster.Json("stage", "move", "0", "--to", other);
        await _cluster.IsAsync("paused", job);
        var stages = _cluster.Json("stage", "list", job).EnumerateArray().ToList();
        Assert.Equal(other, stages[0].GetProperty("node").GetString());
        Assert.Equal(step, _cluster.Status(job).GetProperty("step").GetInt64());

        Assert.Equal(0, _cluster.Run("train", "resume", job).ExitCode);
        var saved = _cluster.Json("train", "checkpoint", job);
        Assert.True(saved.GetProperty("step").GetInt64() > step);
        Assert.True(Directory.Exists(saved.GetProperty("checkpoint").GetString()));

        await _cluster.IsAsync("done", job);
        var plain = _tool.Train("--plain", "--set", "steps=400", "--set", "checkpoint.every=400").Digest;
        Assert.Equal($"weights sha256 {plain}", _cluster.Status(job).GetProperty("note").GetString());
    }

    [Fact]
    public async Task A_paused_job_that_is_stopped_ends_with_the_step_that_it_was_paused_at()
    {
        await _cluster.UntilAsync("a step", () => _cluster.Status(_cluster.Job).GetProperty("step").GetInt64() > 0);
        var paused = _cluster.Json("train", "pause");
        _cluster.Json("train", "stop", "--yes");
        await _cluster.IsAsync("stopped", _cluster.Job);
        Assert.Equal(paused.GetProperty("step").GetInt64(), _cluster.Status(_cluster.Job).GetProperty("step").GetInt64());
    }

    [Fact]
    public async Task A_paused_job_waits_on_when_a_stage_is_lost()
    {
        await _cluster.UntilAsync("a step", () => _cluster.Status(_cluster.Job).GetProperty("step").GetInt64() > 0);
        var step = _cluster.Json("train", "pause").GetProperty("step").GetInt64();
        var generation = _cluster.Status(_cluster.Job).GetProperty("generation").GetInt64();
        _cluster.Json("stage", "restart", "0", "--yes");
        await _cluster.UntilAsync("the new generation", () => _cluster.Status(_cluster.Job) is var s
            && s.GetProperty("generation").GetInt64() > generation && s.GetProperty("state").GetString() == "paused");
        Assert.Equal(step, _cluster.Status(_cluster.Job).GetProperty("step").GetInt64());
        _cluster.Json("train", "resume");
        await _cluster.UntilAsync("the next step", () => _cluster.Status(_cluster.Job).GetProperty("step").GetInt64() > step);
    }

    [Fact]
    public void Lines_of_a_pipe_are_commands_and_the_last_one_gives_the_exit_code()
    {
        var answer = Tool.RunWith("train list --json\n\nhelp stage move\ntrain statsu\ncluster show --json\n", "shell", _cluster.Nodes[0]);
        Assert.Equal(0, answer.ExitCode);
        Assert.Contains("did you mean 'train status'", answer.Error, StringComparison.Ordinal);
        var lines = answer.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(1, JsonDocument.Parse(lines[0]).RootElement.GetArrayLength());
        Assert.Equal(3, JsonDocument.Parse(lines[^1]).RootElement.GetArrayLength());
        Assert.Contains(lines, line => line.StartsWith("stage move ", StringComparison.Ordinal));
        Assert.Equal(2, Tool.RunWith("cluster down-unreachable\n", "shell", _cluster.Nodes[0]).ExitCode);
    }
}
