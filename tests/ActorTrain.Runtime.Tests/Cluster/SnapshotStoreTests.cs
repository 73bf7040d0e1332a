using System.Collections.Immutable;
using ActorTrain.Compute.Native;
using ActorTrain.Compute.Stages;
using ActorTrain.Core.Generations;
using ActorTrain.Core.Settings;
using ActorTrain.Core.Training;
using ActorTrain.Runtime.Cluster.Snapshots;
using TorchSharp;

namespace ActorTrain.Runtime.Tests.Cluster;

public sealed class SnapshotStoreTests : IDisposable
{
    private static readonly Generation First = new(1, 1);
    private static readonly Generation Second = new(2, 1);
    private readonly SnapshotStore _store = new();

    static SnapshotStoreTests() => TorchRuntime.Load(MklFastPath.Auto);

    public void Dispose() => _store.Dispose();

    [Fact]
    public void What_an_older_generation_brings_is_freed_and_not_kept()
    {
        _store.Promise("job", Second);
        var late = Layers(0);
        Assert.False(_store.Add("job", First, new TrainingProgress(5, 5, 0), late));
        Assert.True(late[0].Parameters.IsInvalid);
        Assert.Empty(_store.Inventory("job"));
    }

    [Fact]
    public void A_newer_generation_keeps_what_was_there_and_forgets_later_steps_of_the_older()
    {
        _store.Add("job", First, new TrainingProgress(5, 5, 0), Layers(0));
        _store.Add("job", First, new TrainingProgress(6, 6, 0), Layers(0));
        _store.Promise("job", Second);
        _store.Add("job", Second, new TrainingProgress(7, 7, 0), Layers(0));
        _store.ForgetAfter("job", 5, Second);
        Assert.Equal([5L, 7L], _store.Inventory("job").Select(h => h.Step));
    }

    [Fact]
    public void Somebody_who_reads_a_snapshot_keeps_it_alive()
    {
        var layers = Layers(0, 1);
        _store.Add("job", First, new TrainingProgress(5, 5, 0), layers);
        var use = _store.Use("job", 5, [1])!;
        _store.ForgetBefore("job", 6, First);
        Assert.Equal(1, use.Layers[0].Parameters[0].item<float>());
        Assert.True(layers[0].Parameters.IsInvalid);
        use.Dispose();
        Assert.True(layers[1].Parameters.IsInvalid);
    }

    [Fact]
    public void A_layer_that_is_not_there_is_not_given() => Assert.Null(_store.Use("job", 5, [0]));

    [Fact]
    public void A_job_that_is_over_leaves_nothing()
    {
        var layers = Layers(0);
        _store.Add("job", First, new TrainingProgress(5, 5, 0), layers);
        _store.Forget("job");
        Assert.True(layers[0].Parameters.IsInvalid);
        Assert.Empty(_store.Inventory("job"));
    }

    private static ImmutableArray<LayerSnapshot> Layers(params int[] layers) =>
        [.. layers.Select(layer => new LayerSnapshot(
            layer, $"h.{layer}", [], torch.full([3], layer, torch.float32).DetachFromDisposeScope(), []))];
}
