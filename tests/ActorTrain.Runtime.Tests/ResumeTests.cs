using ActorTrain.Core.Training;

namespace ActorTrain.Runtime.Tests;

public sealed class ResumeTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task A_run_interrupted_at_any_step_and_resumed_gives_the_bits_of_the_undisturbed_run(long step)
    {
        using var undisturbed = new TinyRun().With("steps", 6).With("dropout", "0.1");
        var expected = await undisturbed.PlainAsync();

        using var run = new TinyRun { StopAfter = step }.With("steps", 6).With("dropout", "0.1");
        Assert.NotEqual(expected, await run.PipelineAsync("1f1b", 2, 3));
        Assert.Contains(run.Events, e => e is CheckpointWritten written && written.Step >= step);

        run.Resume = true;
        Assert.Equal(expected, await run.PipelineAsync("gpipe", 1, 2, 2));
        Assert.Equal(6, run.Events.OfType<StepCompleted>().Last().Step);
    }

    [Fact]
    public async Task Resuming_a_finished_run_gives_its_weights_again()
    {
        using var run = new TinyRun();
        var expected = await run.PipelineAsync("1f1b", 2, 3);
        run.Resume = true;
        Assert.Equal(expected, await run.PipelineAsync("1f1b", 2, 3));
        Assert.Empty(run.Events.OfType<StepCompleted>());
    }

    [Fact]
    public async Task Checkpoints_come_at_the_interval_and_at_the_end()
    {
        using var run = new TinyRun().With("steps", 5).With("checkpoint", 2);
        await run.PipelineAsync("1f1b", 2, 3);
        Assert.Equal([2L, 4L, 5L], run.Events.OfType<CheckpointWritten>().Select(c => c.Step));
    }
}
