using System.Collections.Immutable;
using ActorTrain.Compute.Checkpoints;
using ActorTrain.Compute.Stages;
using Akka.Actor;

namespace ActorTrain.Runtime.Actors;

/// <summary>
/// Collects the stages' parts of a checkpoint and writes it once all layers are there, on the thread pool, one checkpoint
/// at a time. The job goes on meanwhile.
/// </summary>
internal sealed class CheckpointActor : ReceiveActor
{
    private readonly CheckpointStore _store;
    private readonly int _layers;
    private readonly SortedDictionary<long, List<CheckpointPart>> _parts = [];
    private Task _writing = Task.CompletedTask;

    public CheckpointActor(CheckpointStore store, int layers)
    {
        (_store, _layers) = (store, layers);
        Receive<CheckpointPart>(OnPart);
    }

    /// <summary>How to make the actor.</summary>
    public static Props Props(CheckpointStore store, int layers) => Akka.Actor.Props.Create(() => new CheckpointActor(store, layers));

    protected override void PostStop()
    {
        foreach (var layer in _parts.Values.SelectMany(parts => parts).SelectMany(part => part.Layers))
            layer.Dispose();
    }

    private void OnPart(CheckpointPart part)
    {
        var step = part.Progress.Step;
        if (!_parts.TryGetValue(step, out var parts))
            _parts[step] = parts = [];
        parts.Add(part);
        if (parts.Sum(p => p.Layers.Length) < _layers)
            return;
        _parts.Remove(step);
        Write(part, [.. parts.SelectMany(p => p.Layers).OrderBy(l => l.Layer)]);
    }

    private void Write(CheckpointPart part, ImmutableArray<LayerSnapshot> layers)
    {
        var (store, parent, before) = (_store, Context.Parent, _writing);
        var write = Task.Run(async () =>
        {
            await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return store.Write(part.Progress, layers);
        });
        _writing = write;
        write.PipeTo(
            parent,
            Self,
            path => new CheckpointDone(part.Progress.Step, path),
            e => new CheckpointFailed(part.Progress.Step, e is AggregateException { InnerExceptions: [var only] } ? only : e));
    }
}
