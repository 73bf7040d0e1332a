using ActorTrain.Compute.Models;
using ActorTrain.Core.Training;
using ActorTrain.Runtime.Streams;
using TorchSharp;

namespace ActorTrain.Runtime.Tests;

public sealed class MemoryTests
{
    private const int Steps = 120;

    [Fact]
    public async Task Live_tensors_stay_constant_from_step_to_step_in_the_plain_loop()
    {
        using var run = new TinyRun().With("steps", Steps).With("dropout", "0.1");
        var counts = await CountAsync(run, () => run.PlainAsync());
        Assert.Single(counts.Skip(2).Distinct());
    }

    [Theory]
    [InlineData("1f1b", "none")]
    [InlineData("gpipe", "full")]
    [InlineData("reactive", "none")]
    public async Task Live_tensors_do_not_grow_over_the_steps_of_a_pipeline(string schedule, string recompute)
    {
        using var run = new TinyRun().With("steps", Steps).With("recompute", recompute);
        var counts = await CountAsync(run, () => run.PipelineAsync(schedule, 1, 2, 2));

        // A step's end meets the other stages at different places, so single counts differ by a few. One tensor lost in a
        // step would move the median of the second half by half the steps.
        Assert.InRange(Median(counts.Skip(Steps / 2)) - Median(counts.Take(Steps / 2)), -Steps / 4, Steps / 4);
    }

    [Fact]
    public async Task Managed_allocations_of_a_step_do_not_grow_with_the_tensors()
    {
        async Task<double> PerStepAsync(int width)
        {
            using var run = new TinyRun().With("steps", 40).With("width", width);
            var (start, end) = (0L, 0L);
            run.Follow = happened =>
            {
                if (happened is StepCompleted { Step: 10 })
                    start = GC.GetTotalAllocatedBytes(precise: true);
                else if (happened is StepCompleted { Step: 39 })
                    end = GC.GetTotalAllocatedBytes(precise: true);
            };
            await run.PipelineAsync("1f1b", 2, 3);
            return (end - start) / 29.0;
        }

        var small = await PerStepAsync(16);
        Assert.InRange(await PerStepAsync(256), 0, 1.2 * small);
    }

    [Fact]
    public async Task A_long_run_leaves_no_more_tensors_behind_than_a_short_one()
    {
        // The counter itself keeps one for each parameter that a module is built from.
        async Task<long> LeftAsync(int steps)
        {
            using var run = new TinyRun().With("steps", steps).With("checkpoint", 3);
            var before = torch.Tensor.TotalCount;
            await run.PipelineAsync("1f1b", 1, 2, 2);
            return torch.Tensor.TotalCount - before;
        }

        Assert.Equal(await LeftAsync(2), await LeftAsync(30));
    }

    [Fact]
    public async Task A_failed_run_leaves_no_more_tensors_behind_than_one_that_ends()
    {
        async Task<long> LeftAsync(Func<TinyRun, Task> train)
        {
            using var run = new TinyRun
            {
                Extend = r => r.Add<IModelFactory>(new FaultyModel(r, 2, (pass, output) => pass == 6 ? throw new InvalidOperationException() : output)),
            };
            var before = torch.Tensor.TotalCount;
            await train(run);

            // A message that a failing stream drops between two stages has no owner but the collector.
            GC.Collect();
            GC.WaitForPendingFinalizers();
            return torch.Tensor.TotalCount - before;
        }

        var ended = await LeftAsync(run => run.PipelineAsync("1f1b", 1, 2, 2));
        var failed = await LeftAsync(run => Assert.ThrowsAsync<StageFailedException>(() => run.With("model", "faulty").PipelineAsync("1f1b", 1, 2, 2)));
        Assert.InRange(failed, 0, ended);
    }

    private static long Median(IEnumerable<long> counts) => counts.Order().ElementAt(Steps / 4);

    private static async Task<IReadOnlyList<long>> CountAsync(TinyRun run, Func<Task<string>> train)
    {
        // What failed runs of other tests dropped must not be collected while this one counts.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var counts = new List<long>();
        run.Follow = happened =>
        {
            if (happened is StepCompleted)
                counts.Add(torch.Tensor.TotalCount);
        };
        await train();
        return counts;
    }
}
