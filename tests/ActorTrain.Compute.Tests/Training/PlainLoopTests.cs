using ActorTrain.Compute.Checkpoints;
using ActorTrain.Compute.Devices;
using ActorTrain.Compute.Models;
using ActorTrain.Compute.Tests.Devices;
using ActorTrain.Compute.Tests.Support;
using ActorTrain.Compute.Training;
using ActorTrain.Core.Settings;
using ActorTrain.Core.Training;
using CsCheck;
using TorchSharp;

namespace ActorTrain.Compute.Tests.Training;

public sealed class PlainLoopTests : IDisposable
{
    private const int Steps = 7;

    private readonly TestDirectory _directory = new();
    private readonly List<TrainingEvent> _events = [];

    [Fact]
    public Task A_run_that_is_interrupted_and_resumed_gives_the_same_weights() =>
        AssertResumable(TestModels.Gpt2(), settings => settings);

    [Fact]
    public Task Momentum_and_a_small_checkpoint_interval_survive_an_interruption() =>
        AssertResumable(TestModels.Chain(tied: true), settings => settings with
        {
            Optimizer = TestJobs.Optimizer("sgd", "learning-rate = 0.3"),
            Checkpoint = new CheckpointSettings(Every: 2, Keep: 1),
        });

    [Fact]
    public Task Skipped_steps_survive_an_interruption() => AssertResumable(TestModels.OneHotFirst(), settings => settings, 2, 3, 6);

    [Fact]
    public async Task The_plain_loop_gives_the_weights_of_stages_by_hand()
    {
        using var job = TestJobs.Create(TestModels.Chain(tied: true));
        using var pipeline = new HandPipeline(job, [2, 2, 2]);
        for (var step = 0; step < job.Settings.Steps; step++)
            pipeline.Step();

        using var outcome = await Run(job, "run");

        Assert.Equal(pipeline.WeightsSha256(), outcome.WeightsSha256);
    }

    [Fact]
    public async Task A_poisoned_step_leaves_the_weights_as_they_were()
    {
        using var job = TestJobs.Create(TestModels.OneHotFirst(), poisoned: 2);

        using var outcome = await Run(job, "run", hashLayers: true);

        Assert.Equal([false, true, false], _events.OfType<StepCompleted>().Select(e => e.Skipped));
        Assert.Equal(Hashes(1), Hashes(2));
        Assert.NotEqual(Hashes(2), Hashes(3));
        Assert.Equal(new TrainingProgress(3, 2, 0), outcome.Progress);
    }

    [Fact]
    public async Task Too_many_poisoned_steps_end_the_run()
    {
        using var job = TestJobs.Create(TestModels.OneHotFirst(), s => s with { Steps = 9 }, 3, 4, 5);

        await Assert.ThrowsAsync<TrainingDivergedException>(() => Run(job, "run"));

        Assert.Equal([1, 2, 3, 4], _events.OfType<StepCompleted>().Select(e => e.Step));
    }

    [Fact]
    public async Task Each_layer_is_hashed_after_each_step_and_the_last_hashes_are_those_of_the_outcome()
    {
        using var job = TestJobs.Create(TestModels.Chain());

        using var outcome = await Run(job, "run", hashLayers: true);

        var layers = job.Model.Layers.Select((l, i) => (i, l.Name)).ToList();
        Assert.Equal(
            Enumerable.Range(1, 3).SelectMany(step => layers.Select(l => ((long)step, l.i, l.Name))),
            _events.OfType<LayerHashed>().Select(e => (e.Step, e.Layer, e.Name)));
        Assert.Equal(outcome.Layers.Select(l => WeightsDigest.Of(l.Parameters)), Hashes(3));
    }

    [Fact]
    public async Task Nothing_is_hashed_unless_asked()
    {
        using var job = TestJobs.Create(TestModels.Chain());

        using var outcome = await Run(job, "run");

        Assert.Empty(_events.OfType<LayerHashed>());
    }

    [Fact]
    public async Task Checkpoints_are_announced_with_their_step_and_path()
    {
        using var job = TestJobs.Create(TestModels.Chain(), s => s with { Steps = 5, Checkpoint = new CheckpointSettings(2, 3) });

        using var outcome = await Run(job, "run");

        var written = _events.OfType<CheckpointWritten>().ToList();
        Assert.Equal([2, 4, 5], written.Select(e => e.Step));
        Assert.All(written, e => Assert.True(Directory.Exists(e.Path)));
    }

    [Fact]
    public async Task A_pause_comes_after_a_step_and_its_checkpoint_and_changes_no_bit()
    {
        using var job = TestJobs.Create(TestModels.Chain(), s => s with { Steps = 4, Checkpoint = new CheckpointSettings(0, 3) });
        using var whole = await Run(job, "whole");
        _events.Clear();
        var control = new RunControl();

        using var paused = await Run(job, "paused", control: control, events: happened =>
        {
            _events.Add(happened);
            if (happened is StepCompleted { Step: 1 })
                control.Pause();
            if (happened is RunPaused)
                control.Resume();
        });

        Assert.Equal(whole.WeightsSha256, paused.WeightsSha256);
        Assert.Equal(
            ["StepCompleted", "StepCompleted", "CheckpointWritten", "RunPaused", "RunResumed", "StepCompleted", "StepCompleted", "CheckpointWritten"],
            _events.Select(e => e.GetType().Name));
    }

    [Fact]
    public async Task A_run_that_is_done_already_does_nothing()
    {
        using var job = TestJobs.Create(TestModels.Chain());
        using var first = await Run(job, "run");
        using var checkpoint = Store("run").ReadLatest(Assert.Fail);
        _events.Clear();

        using var again = await Run(job, "run", checkpoint);

        Assert.Empty(_events);
        Assert.Equal(first.WeightsSha256, again.WeightsSha256);
        Assert.False(again.Interrupted);
    }

    [Fact]
    public async Task A_transformer_learns()
    {
        using var job = TestJobs.Create(TestModels.Gpt2(dropout: 0, tied: false), s => s with { Steps = 60, ClipNorm = null });

        using var outcome = await Run(job, "run");

        // It starts as good as a guess among all tokens.
        Assert.Equal(Math.Log(TestData.Vocabulary), _events.OfType<StepCompleted>().First().Loss, 0.1);
        Assert.InRange(outcome.Loss, 0, 0.5);
    }

    [Theory]
    [InlineData(RecomputePolicy.None)]
    [InlineData(RecomputePolicy.Full)]
    public async Task A_hundred_steps_need_no_more_tensors_and_memory_than_a_few(RecomputePolicy recompute)
    {
        // Activations of a micro-batch have 72 KiB, so what would stay behind of each adds up to 14 MiB in 50 steps.
        const int rows = 4096;
        using var job = TestJobs.Create(TestModels.Gpt2(), s => s with
        {
            Steps = 100,
            Batch = new BatchSettings(rows, TestJobs.MicroBatches),
            Pipeline = s.Pipeline with { Recompute = [recompute] },
        });
        var live = new List<long>();
        var resident = new List<long>();

        using var outcome = await Run(job, "run", events: e =>
        {
            // On the device's thread, whose count no other test's tensors and no collection change.
            live.Add(DisposeScopeManager.Statistics.ThreadTotalLiveCount);
            resident.Add(ProcessMemory.ResidentBytes);
        });

        Assert.True(live[5..99].Distinct().Count() == 1, $"live tensors changed: {string.Join(' ', live)}");
        Assert.InRange(resident[99] - resident[49], long.MinValue, 8 << 20);
    }

    public void Dispose() => _directory.Dispose();

    private async Task AssertResumable(ModelDefinition model, Func<JobSettings, JobSettings> change, params int[] poisoned)
    {
        using var job = TestJobs.Create(model, s => change(s with { Steps = Steps }), [.. poisoned]);
        using var whole = await Run(job, "whole");
        var trial = 0;
        await Gen.Int[1, Steps - 1].SampleAsync(
            async stopAfter =>
            {
                var directory = $"trial-{trial++}";
                using var stop = new CancellationTokenSource();
                using (var interrupted = await Run(job, directory, control: new RunControl(stop.Token), events: e =>
                {
                    // Asked for during a step, so the step that is then running is the last.
                    if (e is StepCompleted { Step: var step } && step == stopAfter)
                        stop.Cancel();
                }))
                {
                    Assert.Equal((stopAfter + 1 < Steps, stopAfter + 1), (interrupted.Interrupted, (int)interrupted.Progress.Step));
                }

                using var checkpoint = Store(directory).ReadLatest(Assert.Fail);
                using var resumed = await Run(job, directory, checkpoint);
                Assert.Equal(whole.WeightsSha256, resumed.WeightsSha256);
                Assert.Equal(whole.Progress, resumed.Progress);
            },
            iter: 6,
            threads: 1);
    }

    private IEnumerable<string> Hashes(long step) => _events.OfType<LayerHashed>().Where(e => e.Step == step).Select(e => e.Sha256);

    private CheckpointStore Store(string name) => new(_directory[name], keep: 3, new CheckpointIdentity("test", 5, "adamw", "any"));

    private Task<TrainingOutcome> Run(
        ResolvedJob job, string name, Checkpoint? resumeFrom = null, bool hashLayers = false, Action<TrainingEvent>? events = null, RunControl? control = null) =>
        PlainLoop.RunAsync(
            new TrainingRequest
            {
                Job = job,
                Checkpoints = Store(name),
                ResumeFrom = resumeFrom,
                Events = events ?? _events.Add,
                HashLayers = hashLayers,
                Control = control ?? new RunControl(),
            },
            TestDevice.Cores(1),
            new DeviceExecutorOptions());
}
