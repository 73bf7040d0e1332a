using System.Collections.Immutable;
using ActorTrain.Compute.Checkpoints;
using ActorTrain.Compute.Layers;
using ActorTrain.Compute.Models;
using ActorTrain.Compute.Stages;
using ActorTrain.Compute.Tests.Support;
using ActorTrain.Compute.Training;
using ActorTrain.Core.Training;
using TorchSharp;

namespace ActorTrain.Compute.Tests.Checkpoints;

/// <summary>A store in a directory of its own, with random states of a small model to write.</summary>
internal sealed class TestStore : IDisposable
{
    public static readonly CheckpointIdentity Identity = new("test", 5, "adamw", "class a");
    public static readonly ModelDefinition Model = TestModels.Chain();

    private readonly TestDirectory _directory = new();

    public TestStore(int keep = 3) => Store = new CheckpointStore(Directory, keep, Identity);

    public string Directory => _directory["checkpoints"];

    public CheckpointStore Store { get; }

    /// <summary>What <see cref="Read"/> warned of.</summary>
    public List<string> Warnings { get; } = [];

    /// <summary>A state in which no value is zero, different for each step.</summary>
    public static ImmutableArray<LayerSnapshot> State(long step) => [.. Model.Layers.Select((definition, i) =>
    {
        using var layer = PlacedLayer.Build(definition, i, step, torch.CPU, stateBuffers: 2);
        using var generator = new torch.Generator((ulong)step);
        foreach (var buffer in layer.OptimizerState)
            buffer.normal_(0, 1, generator);
        return LayerSnapshot.Take(layer);
    })];

    public static List<string> Digests(IEnumerable<LayerSnapshot> layers) =>
        [.. layers.Select(l => $"{l.Layer} {l.Name} {string.Join(' ', l.OptimizerState.Prepend(l.Parameters).Select(WeightsDigest.Of))}")];

    public static List<string> DigestsOf(long step)
    {
        var layers = State(step);
        var digests = Digests(layers);
        foreach (var layer in layers)
            layer.Dispose();
        return digests;
    }

    public string Write(long step) => Store.Write(new TrainingProgress(step, step - 1, 1), State(step));

    public Checkpoint? Read() => Store.ReadLatest(Warnings.Add);

    /// <summary>The step of the checkpoint that is read, having checked that all of it is that step's.</summary>
    public long? ReadStep()
    {
        using var checkpoint = Read();
        if (checkpoint is null)
            return null;
        var step = checkpoint.Manifest.Progress.Step;
        Assert.Equal(DigestsOf(step), Digests(checkpoint.Layers.Values));
        return step;
    }

    public IEnumerable<string> Names() =>
        System.IO.Directory.GetFileSystemEntries(Directory).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal);

    public void Dispose() => _directory.Dispose();
}
