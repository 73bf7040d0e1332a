using ActorTrain.Compute.Checkpoints;
using ActorTrain.Compute.Models;
using ActorTrain.Compute.Stages;
using ActorTrain.Compute.Training;
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
        Assert.Equal(
            "stage 1 failed in F1@1 of step 2: layer 'h.1' failed in the forward pass of micro-batch 1 of step 2: out of luck", failure.Message);
        Assert.Equal([1L], run.Events.OfType<StepCompleted>().Select(s => s.Step));
    }

    [Fact]
    public async Task A_layer_that_throws_in_the_plain_loop_is_named_with_its_step_and_micro_batch()
    {
        using var run = Spoil((pass, output) => pass == MicroBatches + 1 ? throw new InvalidOperationException("out of luck") : output);
        var failure = await Assert.ThrowsAsync<LayerException>(run.PlainAsync);
        Assert.Equal("layer 'h.1' failed in the forward pass of micro-batch 1 of step 2: out of luck", failure.Message);
    }

    [Fact]
    public async Task A_device_without_memory_left_says_which_layer_wanted_how_much_and_what_helps()
    {
        using var run = Spoil((pass, output) => pass == MicroBatches ? torch.empty(1L << 46) : output);
        var failure = await Assert.ThrowsAsync<StageFailedException>(() => run.PipelineAsync("1f1b", 2, 3));
        Assert.StartsWith(
            "stage 1 failed in F0@1 of step 2: layer 'h.1' failed in the forward pass of micro-batch 0 of step 2: " +
            "the device has no memory left (256 TiB were asked for); pipeline.recompute = full",
            failure.Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_record_that_cannot_be_read_ends_the_run_with_its_step_and_cause(bool plain)
    {
        using var run = new TinyRun { Extend = r => r.Add<IDataSourceFactory>(new FaultyData(r, step: 2)) }.With("data", "faulty");
        var failure = await Assert.ThrowsAsync<DataFailedException>(() => plain ? run.PlainAsync() : run.PipelineAsync("1f1b", 2, 3));
        Assert.StartsWith("data source 'faulty' cannot give micro-batch ", failure.Message, StringComparison.Ordinal);
        Assert.EndsWith(" of step 2: record 17 is damaged", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_checkpoint_that_the_disk_refuses_ends_the_run_unless_the_job_goes_on_without(bool plain)
    {
        using var run = new TinyRun().With("steps", 4).With("checkpoint", 2);
        run.Refuse(step: 4);
        await Assert.ThrowsAsync<CheckpointException>(() => plain ? run.PlainAsync() : run.PipelineAsync("1f1b", 2, 3));

        run.Refuse(step: 2);
        run.With("on-failure", "warn");
        await (plain ? run.PlainAsync() : run.PipelineAsync("1f1b", 2, 3));
        Assert.Empty(run.Events.OfType<CheckpointWritten>());
        Assert.Collection(
            run.Events.OfType<CheckpointMissed>(),
            missed => Assert.StartsWith("the checkpoint of step 2 cannot be written to ", missed.Reason, StringComparison.Ordinal),
            missed => Assert.StartsWith("the checkpoint of step 4 cannot be written to ", missed.Reason, StringComparison.Ordinal));
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
        var diverged = await Assert.ThrowsAsync<TrainingDivergedException>(() => run.PipelineAsync("1f1b", 2, 3));
        Assert.StartsWith(
            "step 4 was skipped (its loss is NaN, and the gradients of 5 of 5 layers are not finite, in the backward pass first that of layer 'head'), " +
            "which makes 3 steps in a row",
            diverged.Message,
            StringComparison.Ordinal);
        Assert.Equal([1L, 2L, 3L], run.Events.OfType<StepCompleted>().Select(s => s.Step));
    }

    private static TinyRun Spoil(Func<int, torch.Tensor, torch.Tensor> spoil) =>
        new TinyRun { Extend = r => r.Add<IModelFactory>(new FaultyModel(r, 2, spoil)) }.With("model", "faulty");
}
