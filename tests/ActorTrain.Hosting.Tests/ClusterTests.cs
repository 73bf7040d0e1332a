using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using ActorTrain.Core.Settings;
using ActorTrain.Core.Training;
using ActorTrain.Stages.Transformer;

namespace ActorTrain.Hosting.Tests;

public sealed class ClusterTests : IAsyncLifetime
{
    private readonly string _directory = Directory.CreateTempSubdirectory("actortrain-hosting-").FullName;
    private TrainingNode _node = null!;

    public async Task InitializeAsync()
    {
        var file = Path.Combine(_directory, "node.conf");
        await File.WriteAllTextAsync(file, $"actortrain.node {{ port = 0, devices = [\"{TestHost.Device}\"], data = \"{_directory}\", runs = \"{_directory}/runs\" }}\n");
        var options = new TrainingOptions();
        options.Plugins.Add(new TransformerPlugin());
        _node = await TrainingNode.StartAsync(NodeFile.Load(file, [], new Dictionary<string, string>()), options);
        await _node.Up;
    }

    public async Task DisposeAsync()
    {
        await _node.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task A_job_that_is_given_to_a_cluster_is_followed_and_has_the_weights_of_one_trained_here()
    {
        var snapshots = new ConcurrentBag<double>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Name == "actortrain.snapshot.duration")
                self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<double>((_, seconds, _, _) => snapshots.Add(seconds));
        listener.Start();

        await using var here = await TestHost.StartAsync();
        // Enough for the first snapshot to be safe before the last step is done.
        const int Steps = 60;
        var expected = await here.TrainAsync(here.Job(Steps));
        await using var host = await HostAsync();
        var run = await host.Training.StartAsync(Job(host, Steps));
        var events = await run.FollowAsync().ToListAsync();
        Assert.Contains(events, e => e is RunStarted);
        Assert.Equal(Enumerable.Range(1, Steps).Select(step => (long)step), events.OfType<StepCompleted>().Select(s => s.Step));
        Assert.Equal(expected.WeightsSha256, (await run.Completion).WeightsSha256);
        Assert.NotEmpty(snapshots);
    }

    [Fact]
    public async Task A_run_in_a_cluster_can_be_stopped_but_not_paused()
    {
        await using var host = await HostAsync();
        var run = await host.Training.StartAsync(Job(host, steps: 100_000));
        await run.FirstAsync<StepCompleted>();
        var e = await Assert.ThrowsAsync<NotSupportedException>(() => run.PauseAsync());
        Assert.Contains("only a run in this process can be paused", e.Message, StringComparison.Ordinal);
        Assert.True((await run.StopAsync()).Interrupted);
    }

    [Fact]
    public async Task A_run_in_a_cluster_goes_on_when_the_host_stops()
    {
        await using var host = await HostAsync();
        var run = await host.Training.StartAsync(Job(host, steps: 100_000));
        await run.FirstAsync<StepCompleted>();
        await host.StopAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.Completion);
    }

    private static TrainingJob Job(TestHost host, long steps) => host.Job(steps).With("pipeline.devices", "auto");

    private Task<TestHost> HostAsync() => TestHost.StartAsync(_directory, options => options.Cluster = new TrainingCluster(_node.Address));
}
