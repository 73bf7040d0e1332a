using ActorTrain.Compute.Models;
using ActorTrain.Core.Data;
using ActorTrain.Core.Training;
using ActorTrain.Runtime.Streams;
using TorchSharp;

namespace ActorTrain.Runtime.Tests;

public sealed class FailureTests
{
    private const int MicroBatches = 4;

    [Theory]
    [InlineData("gpipe")]
    [InlineData("1f1b")]
    [InlineData("reactive")]
    public async Task A_stage_that_throws_ends_the_run_and_is_named(string schedule)
    {
        using var run = Spoil((pass, output) => pass == MicroBatches + 1 ? throw new InvalidOperationException("out of luck") : output);
        var failure = await Assert.ThrowsAsync<StageFailedException>(() => run.PipelineAsync(schedule, 1, 2, 2));
        Assert.Equal((1, 2L), (failure.Stage, failure.Step));
        Assert.Contains("stage 1 failed in F1@1 of step 2: out of luck", failure.Message, StringComparison.Ordinal);
        Assert.Equal([1L], run.Events.OfType<StepCompleted>().Select(s => s.Step));
    }

    [Fact]
    public async Task A_record_that_cannot_be_read_ends_the_run_with_its_cause()
    {
        using var run = new TinyRun { Extend = r => r.Add<IDataSourceFactory>(new FaultyData(r, step: 2)) }.With("data", "faulty");
        var failure = await Assert.ThrowsAsync<InvalidDataException>(() => run.PipelineAsync("1f1b", 2, 3));
        Assert.Equal("record 17 is damaged", failure.Message);
    }

    [Fact]
    public async Task A_step_that_is_not_finite_is_skipped_alike_in_the_plain_loop_and_the_pipeline()
    {
        using var run = Spoil((pass, output) => pass / MicroBatches == 1 ? output.mul(double.NaN) : output).With("steps", 4);
        var plain = await run.PlainAsync();
        Assert.Equal([false, true, false, false], run.Events.OfType<StepCompleted>().Select(s => s.Skipped));
        Assert.Equal(plain, await run.PipelineAsync("1f1b", 1, 2, 2));
        Assert.Equal([false, true, false, false], run.Events.OfType<StepCompleted>().Select(s => s.Skipped));
    }

    [Fact]
    public async Task Too_many_steps_in_a_row_that_are_not_finite_end_the_run()
    {
        using var run = Spoil((pass, output) => pass / MicroBatches >= 1 ? output.mul(double.NaN) : output).With("steps", 9).With("skipped", 2);
        await Assert.ThrowsAsync<TrainingDivergedException>(() => run.PipelineAsync("1f1b", 2, 3));
        Assert.Equal([1L, 2L, 3L], run.Events.OfType<StepCompleted>().Select(s => s.Step));
    }

    private static TinyRun Spoil(Func<int, torch.Tensor, torch.Tensor> spoil) =>
        new TinyRun { Extend = r => r.Add<IModelFactory>(new FaultyModel(r, 2, spoil)) }.With("model", "faulty");
}
