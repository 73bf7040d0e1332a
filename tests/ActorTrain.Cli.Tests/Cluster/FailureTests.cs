namespace ActorTrain.Cli.Tests.Cluster;

public sealed class FailureTests : IDisposable
{
    private static readonly string[] Settings =
    [
        "--set", "steps=60", "--set", "checkpoint.every=0", "--set", "data.validation=0",
        "--set", Tool.FaultyPlugins, "--set", "model.type=faulty", "--set", "model.tie-embeddings=false",
        "--set", "data.type=poisoned-text", "--set", "data.poison-step=20", "--set", "data.poison-micro-batch=2",
    ];

    private readonly Tool _tool = new();

    public void Dispose() => _tool.Dispose();

    [Fact]
    public async Task A_layer_that_throws_once_sets_the_run_back_and_costs_no_bit()
    {
        var answer = await RunAsync("--set", "model.fault=throw", "--set", $"model.once={Path.Combine(_tool.Runs, "once")}");
        Assert.Contains("layer 'embedding' failed in the forward pass of micro-batch 2 of step 20: this batch is poisoned; the run goes back", answer.Error, StringComparison.Ordinal);
        var plain = Tool.Finish(Tool.StartWith(Tool.WithFaults, [.. _tool.TrainArguments([.. Settings, "--plain"])]));
        Assert.Equal(plain.Digest, answer.Digest);
    }

    [Theory]
    [InlineData("throw", "this batch is poisoned")]
    [InlineData("exhaust", "the device has no memory left (256 TiB were asked for); pipeline.recompute = full")]
    public async Task A_layer_that_always_fails_ends_the_job_after_its_restarts_and_is_named(string fault, string cause)
    {
        var answer = await RunAsync("--set", $"model.fault={fault}", "--set", "recovery.max-restarts=2");
        Assert.Equal(1, answer.ExitCode);
        var error = answer.Error.Split('\n').Single(line => line.StartsWith("error: ", StringComparison.Ordinal));
        Assert.Contains($"layer 'embedding' failed in the forward pass of micro-batch 2 of step 20: {cause}", error, StringComparison.Ordinal);
        Assert.EndsWith("more than 2 restarts within 10 minutes", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_record_that_cannot_be_read_ends_the_job_at_once_with_its_file_and_step()
    {
        var answer = await RunAsync("--set", "data.throws=true");
        Assert.Equal(1, answer.ExitCode);
        Assert.Contains(
            "error: data source 'poisoned-text' cannot give micro-batch 2 of step 20: poison.txt: record 17 at offset 1234 is damaged",
            answer.Error,
            StringComparison.Ordinal);
    }

    private async Task<Answer> RunAsync(params string[] more)
    {
        using var node = await NodeProcess.StartAsync(Tool.WithFaults, ["--set", Tool.FaultyPlugins], _tool.Runs, seed: null);
        return Tool.Finish(Tool.StartWith(
            Tool.WithFaults, ["submit", "hocon/jobs/kjv-gpt-tiny.conf", "--to", node.Address, "--follow", "--json", .. Settings, .. more]));
    }
}
