using ActorTrain.Core.Settings;
using ActorTrain.Core.Training;
using Akka.Actor;
using Akka.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace ActorTrain.Hosting.Tests;

public sealed class TrainingServiceTests
{
    [Fact]
    public async Task A_follower_sees_the_start_and_every_step_and_the_end()
    {
        await using var host = await TestHost.StartAsync();
        var run = await host.Training.StartAsync(host.Job(steps: 5));
        var events = await run.FollowAsync().ToListAsync();
        Assert.Equal("tiny", Assert.IsType<RunStarted>(events[0]).Job);
        Assert.Equal([1, 2, 3, 4, 5], events.OfType<StepCompleted>().Select(s => s.Step));
        Assert.Equal(5, (await run.Completion).Steps);
        Assert.Empty(host.Training.Runs);
    }

    [Fact]
    public async Task A_follower_that_comes_late_sees_what_was_before()
    {
        await using var host = await TestHost.StartAsync();
        var run = await host.Training.StartAsync(host.Job(steps: 3));
        await run.Completion;
        Assert.Equal(3, (await run.FollowAsync().ToListAsync()).OfType<StepCompleted>().Count());
    }

    [Fact]
    public async Task A_run_leaves_its_job_its_metrics_its_checkpoint_and_its_model()
    {
        await using var host = await TestHost.StartAsync();
        var result = await host.TrainAsync(host.Job(steps: 3));
        Assert.StartsWith(Path.Combine(host.Directory, "runs", "tiny"), result.RunDirectory, StringComparison.Ordinal);
        foreach (var file in new[] { "job.conf", "metrics.jsonl", "model/model.safetensors" })
            Assert.True(File.Exists(Path.Combine(result.RunDirectory, file)), file);
        Assert.NotNull(result.ValidationLoss);
    }

    [Fact]
    public async Task A_pause_a_checkpoint_and_a_resumption_change_no_bit()
    {
        await using var host = await TestHost.StartAsync();
        var whole = await host.TrainAsync(host.Job(steps: 40, name: "whole"));
        var run = await host.Training.StartAsync(host.Job(steps: 40));
        await run.FirstAsync<StepCompleted>();
        Assert.True(Directory.Exists((await run.CheckpointAsync()).Path));
        await run.PauseAsync();
        var paused = await run.FirstAsync<RunPaused>();
        Assert.Equal(paused.Step, (await run.CheckpointAsync()).Step);
        await run.ResumeAsync();
        Assert.Equal(whole.WeightsSha256, (await run.Completion).WeightsSha256);
        Assert.Single(await run.FollowAsync().ToListAsync(), e => e is RunResumed);
    }

    [Fact]
    public async Task No_step_is_trained_during_a_pause()
    {
        await using var host = await TestHost.StartAsync();
        var run = await host.Training.StartAsync(host.Job(steps: 100_000));
        await run.FirstAsync<StepCompleted>();
        await run.PauseAsync();
        var events = new List<TrainingEvent>();
        using var enough = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var happened in run.FollowAsync(enough.Token))
                events.Add(happened);
        });
        var paused = Assert.Single(events.OfType<RunPaused>());
        Assert.Equal(paused.Step, events.OfType<StepCompleted>().Max(s => s.Step));
        Assert.Equal(paused.Step, (await run.StopAsync()).Steps);
    }

    [Fact]
    public async Task A_run_that_is_stopped_while_paused_goes_on_later_to_the_same_bits()
    {
        await using var host = await TestHost.StartAsync();
        var whole = await host.TrainAsync(host.Job(steps: 40, name: "whole"));
        var run = await host.Training.StartAsync(host.Job(steps: 40));
        await run.FirstAsync<StepCompleted>();
        await run.PauseAsync();
        Assert.True((await run.StopAsync()).Interrupted);
        var rest = await host.TrainAsync(host.Job(steps: 40) with { Resume = ResumeMode.Always });
        Assert.Equal(whole.WeightsSha256, rest.WeightsSha256);
    }

    [Fact]
    public async Task A_host_that_stops_loses_nothing()
    {
        await using var host = await TestHost.StartAsync();
        var whole = await host.TrainAsync(host.Job(steps: 60, name: "whole"));
        var run = await host.Training.StartAsync(host.Job(steps: 60) with { Resume = ResumeMode.IfPossible });
        await run.FirstAsync<StepCompleted>();
        await host.StopAsync();
        Assert.True((await run.Completion).Interrupted);
        await Assert.ThrowsAsync<InvalidOperationException>(() => host.Training.StartAsync(host.Job(steps: 60)));

        await using var next = await TestHost.StartAsync(host.Directory);
        var rest = await next.TrainAsync(next.Job(steps: 60) with { Resume = ResumeMode.IfPossible });
        Assert.Equal(whole.WeightsSha256, rest.WeightsSha256);
    }

    [Fact]
    public async Task A_hosts_own_actor_system_trains_and_ends_its_runs_when_it_ends()
    {
        await using var host = await TestHost.StartAsync(
            add: (services, options) => services.AddAkka("app", builder => builder.WithActorTrain(options)).AddTrainingService());
        var system = host.Services.GetRequiredService<ActorSystem>();
        Assert.Equal("app", system.Name);
        Assert.Same(host.Training, TrainingExtension.Get(system).Service);
        var run = await host.Training.StartAsync(host.Job(steps: 100_000));
        await run.FirstAsync<StepCompleted>();
        await CoordinatedShutdown.Get(system).Run(CoordinatedShutdown.ActorSystemTerminateReason.Instance);
        Assert.True((await run.Completion).Interrupted);
    }

    [Fact]
    public async Task A_second_run_of_a_job_that_is_being_trained_is_refused()
    {
        await using var host = await TestHost.StartAsync();
        var run = await host.Training.StartAsync(host.Job(steps: 100_000));
        var e = await Assert.ThrowsAsync<InvalidOperationException>(() => host.Training.StartAsync(host.Job(steps: 5)));
        Assert.Contains("'tiny' is being trained", e.Message, StringComparison.Ordinal);
        await run.StopAsync();
    }

    [Fact]
    public async Task A_request_to_a_run_that_has_ended_is_refused()
    {
        await using var host = await TestHost.StartAsync();
        var run = await host.Training.StartAsync(host.Job(steps: 1));
        await run.Completion;
        Assert.Contains("ended at step 1", (await Assert.ThrowsAsync<InvalidOperationException>(() => run.PauseAsync())).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<InvalidOperationException>(() => run.CheckpointAsync());
    }

    [Fact]
    public async Task A_wrong_setting_is_refused_before_anything_starts()
    {
        await using var host = await TestHost.StartAsync();
        var e = await Assert.ThrowsAsync<SettingsException>(() => host.Training.StartAsync(host.Job(steps: 5, model: "gtp2")));
        Assert.Contains("gpt2", e.Message, StringComparison.Ordinal);
        Assert.Empty(host.Training.Runs);
    }

    [Fact]
    public async Task A_job_that_wants_a_plug_in_that_the_host_does_not_load_is_refused()
    {
        await using var host = await TestHost.StartAsync();
        var e = await Assert.ThrowsAsync<SettingsException>(
            () => host.Training.StartAsync(host.Job(steps: 5).With("actortrain.plugins", new[] { "ActorTrain.Stages.Vision" })));
        Assert.Contains("does not load", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Resuming_without_an_earlier_run_fails()
    {
        await using var host = await TestHost.StartAsync();
        var run = await host.Training.StartAsync(host.Job(steps: 5) with { Resume = ResumeMode.Always });
        var e = await Assert.ThrowsAsync<Compute.Checkpoints.CheckpointException>(() => run.Completion);
        Assert.Contains("no run of 'tiny'", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_that_the_host_registers_in_code_trains()
    {
        await using var host = await TestHost.StartAsync(configure: options => options.Models.Add(new Renamed("mine")));
        Assert.Equal(2, (await host.TrainAsync(host.Job(steps: 2, model: "mine").With("model.initialize-from", "").With("model.tie-embeddings", true))).Steps);
    }
}
