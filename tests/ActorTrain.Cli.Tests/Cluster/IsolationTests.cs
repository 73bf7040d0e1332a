using System.Diagnostics;
using System.Globalization;

namespace ActorTrain.Cli.Tests.Cluster;

public sealed class IsolationTests : IDisposable
{
    private const int Step = 60;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly string[] Settings =
    [
        "--set", "steps=600", "--set", "checkpoint.every=0", "--set", "data.validation=0",
        "--set", Tool.FaultyPlugins, "--set", "model.type=faulty", "--set", "model.tie-embeddings=false",
        "--set", "data.type=poisoned-text", "--set", $"data.poison-step={Step}", "--set", "data.poison-micro-batch=2",
    ];

    private readonly Tool _tool = new();

    public void Dispose() => _tool.Dispose();

    [Theory]
    [InlineData("ABRT")]
    [InlineData("SEGV")]
    public async Task A_device_whose_process_dies_costs_neither_the_node_nor_a_bit(string signal)
    {
        using var node = await StartAsync();
        using var submit = Submit(node);
        ReadTo(submit, Step);
        await KillAsync(signal, Children(node)[^1]);
        var answer = Tool.Finish(submit);

        Assert.Equal(Plain().Digest, answer.Digest);
        Assert.Contains("recovered in", answer.Error, StringComparison.Ordinal);
        Assert.Matches("device cpu:[01] died", node.Output);
        Assert.Contains("it is started again in", node.Output, StringComparison.Ordinal);
        Assert.False(node.Process.HasExited);
        await WaitAsync(() => Children(node).Count == 2);
    }

    [Fact]
    public async Task A_batch_that_ends_a_process_once_is_computed_again()
    {
        using var node = await StartAsync();
        var answer = Tool.Finish(Submit(node, "--set", "model.fault=abort", "--set", $"model.once={Path.Combine(_tool.Runs, "once")}"));
        Assert.Equal(Plain().Digest, answer.Digest);
        Assert.Contains($" died during F of micro-batch 2 of step {Step}, signal 6", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_batch_that_ends_every_process_ends_the_job_and_is_named()
    {
        using var node = await StartAsync();
        var answer = Tool.Finish(Submit(node, "--set", "model.fault=abort"));
        Assert.Equal(1, answer.ExitCode);
        Assert.Matches($"error: device .* died during F of micro-batch 2 of step {Step}, signal 6, as one did before", answer.Error);
    }

    [Fact]
    public async Task No_process_of_a_device_outlives_its_node()
    {
        using var node = await StartAsync();
        var children = Children(node);
        Signal("STOP", children[0]);
        node.Signal("KILL");
        await node.EndAsync();
        await WaitAsync(() => children.TrueForAll(child => !Directory.Exists($"/proc/{child}")));
    }

    [Fact]
    public async Task A_node_that_is_told_to_leave_ends_its_devices_first()
    {
        using var node = await StartAsync();
        var children = Children(node);
        node.Signal("TERM");
        Assert.Equal(0, await node.EndAsync());
        Assert.All(children, child => Assert.False(Directory.Exists($"/proc/{child}")));
        Assert.DoesNotContain(" died", node.Output, StringComparison.Ordinal);
    }

    private async Task<NodeProcess> StartAsync()
    {
        var node = await NodeProcess.StartAsync(
            Tool.WithFaults, ["--isolate", "--set", """devices=["cpu:0","cpu:1"]""", "--set", Tool.FaultyPlugins], _tool.Runs, seed: null);
        await WaitAsync(() => node.Output.Split('\n').Count(line => line.StartsWith('[') && line.EndsWith(" is up", StringComparison.Ordinal)) == 2);
        return node;
    }

    private static Process Submit(NodeProcess node, params string[] more) => Tool.StartWith(
        Tool.WithFaults, ["submit", "hocon/jobs/kjv-gpt-tiny.conf", "--to", node.Address, "--follow", "--json", .. Settings, "--set", "pipeline.partition=[2, 2]", .. more]);

    private Answer Plain() => Tool.Finish(Tool.StartWith(Tool.WithFaults, [.. _tool.TrainArguments([.. Settings, "--plain"])]));

    private static void ReadTo(Process submit, int step)
    {
        while (submit.StandardOutput.ReadLine() is { } line)
            if (line.Contains($"\"step\":{step},", StringComparison.Ordinal))
                return;
        Assert.Fail(submit.StandardError.ReadToEnd());
    }

    // A process is a child of the thread that started it.
    private static List<int> Children(NodeProcess node) =>
        [.. Directory.GetDirectories($"/proc/{node.Process.Id}/task")
            .SelectMany(thread => File.ReadAllText($"{thread}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Select(id => int.Parse(id, CultureInfo.InvariantCulture))
            .Order()];

    // .NET takes a first signal of these for an error in its own code that will come again, and gives the handler back.
    private static Task KillAsync(string signal, int process) => WaitAsync(() =>
    {
        Signal(signal, process);
        return !Directory.Exists($"/proc/{process}");
    });

    private static void Signal(string name, int process)
    {
        using var kill = Process.Start("kill", ["-s", name, process.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    private static async Task WaitAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!condition())
            await Task.Delay(20, patience.Token);
    }
}
