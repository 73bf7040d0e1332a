using ActorTrain.Compute.Layers;
using ActorTrain.Compute.Models;
using ActorTrain.Compute.Tests.Support;
using ActorTrain.Core.Plugins;
using ActorTrain.Core.Schedules;
using ActorTrain.Core.Training;
using ActorTrain.Runtime.Streams;
using TorchSharp;

namespace ActorTrain.Runtime.Tests;

public sealed class SplitBackwardTests
{
    private const int MicroBatches = 4;

    public static TheoryData<string, int[]> Pipelines()
    {
        var data = new TheoryData<string, int[]>();
        foreach (var schedule in new[] { "split-0", "split-1", "split-4" })
            foreach (var counts in new int[][] { [5], [2, 3], [1, 2, 2], [1, 1, 1, 1, 1] })
                data.Add(schedule, counts);
        return data;
    }

    [Theory]
    [MemberData(nameof(Pipelines))]
    public async Task A_split_pipeline_gives_the_bits_of_the_plain_loop(string schedule, int[] counts)
    {
        using var run = Run();
        await AssertEqualAsync(run, schedule, counts);
    }

    [Theory]
    [InlineData("tied", "false")]
    [InlineData("dropout", "0.1")]
    [InlineData("recompute", "full")]
    [InlineData("recompute", "[none, full, none, full, full]")]
    public async Task No_setting_makes_a_split_pipeline_differ_from_the_plain_loop(string key, string value)
    {
        using var run = Run().With(key, value);
        await AssertEqualAsync(run, "split-1", [2, 2, 1]);
    }

    [Fact]
    public async Task A_chunk_may_split_some_backward_passes_and_not_others()
    {
        using var run = new TinyRun { Extend = r => r.Add<IScheduleFactory>(new SplitSchedule(lag: 1, whole: [0, 2])) };
        await AssertEqualAsync(run, "split-1", [1, 2, 2]);
    }

    [Theory]
    [InlineData("split-0", "none")]
    [InlineData("split-4", "full")]
    public async Task Live_tensors_do_not_grow_over_the_steps_of_a_split_pipeline(string schedule, string recompute)
    {
        const int steps = 120;
        using var run = Run().With("steps", steps).With("recompute", recompute);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var counts = new List<long>();
        run.Follow = happened =>
        {
            if (happened is StepCompleted)
                counts.Add(torch.Tensor.TotalCount);
        };

        await run.PipelineAsync(schedule, 1, 2, 2);

        long Median(IEnumerable<long> half) => half.Order().ElementAt(steps / 4);
        Assert.InRange(Median(counts.Skip(steps / 2)) - Median(counts.Take(steps / 2)), -steps / 4, steps / 4);
    }

    [Fact]
    public async Task What_is_thrown_in_a_weight_gradient_ends_the_run_and_is_named()
    {
        Layer? spoiled = null;
        using var run = Spoil(
            layer => spoiled = layer,
            (pass, output) =>
            {
                if (pass == MicroBatches + 1)
                    spoiled!.get_parameter("mlp.c_fc.weight")!.grad = null;
                return output;
            });

        var failure = await Assert.ThrowsAsync<StageFailedException>(() => run.PipelineAsync("split-4", 1, 2, 2));

        Assert.Equal("stage 1 failed in W0@1 of step 2: a weight has lost its gradient's buffer", failure.Message);
    }

    [Fact]
    public async Task What_is_thrown_in_an_input_gradient_ends_the_run_and_is_named()
    {
        using var run = Spoil(_ => { }, (_, output) => output.requires_grad ? throw new InvalidOperationException("out of luck") : output)
            .With("recompute", "full");

        var failure = await Assert.ThrowsAsync<StageFailedException>(() => run.PipelineAsync("split-4", 1, 2, 2));

        Assert.Equal("stage 1 failed in B0@1 of step 1: layer 'h.1' failed in the forward pass of micro-batch 0 of step 1: out of luck", failure.Message);
    }

    private static TinyRun Run() => new() { Extend = AddSchedules };

    private static TinyRun Spoil(Action<Layer> created, Func<int, torch.Tensor, torch.Tensor> spoil) => new TinyRun
    {
        Extend = registry =>
        {
            AddSchedules(registry);
            registry.Add<IModelFactory>(new FaultyModel(registry, 2, spoil, created));
        },
    }.With("model", "faulty");

    private static void AddSchedules(PluginRegistry registry)
    {
        foreach (var lag in new[] { 0, 1, MicroBatches })
            registry.Add<IScheduleFactory>(new SplitSchedule(lag));
    }

    private static async Task AssertEqualAsync(TinyRun run, string schedule, int[] counts)
    {
        var plain = await run.PlainAsync();
        var (losses, norms) = (run.LossBits, run.NormBits);
        var pipeline = await run.PipelineAsync(schedule, counts);
        Assert.Equal(losses, run.LossBits);
        Assert.Equal(norms, run.NormBits);
        Assert.Equal(plain, pipeline);
    }
}
