using System.Collections.Immutable;

namespace ActorTrain.Core.Schedules;

/// <summary>
/// A device's list while a schedule is written down. It numbers each chunk's actions in micro-batch order, so that a
/// schedule only says what comes next. Leaves out micro-batches that the step doesn't have: an order for more
/// micro-batches stays an order without deadlock when the last ones are left out, since none waits for a later one.
/// </summary>
internal sealed class ActionList
{
    private readonly ImmutableArray<int> _chunks;
    private readonly int _lastChunk;
    private readonly int _microBatches;
    private readonly ChunkProgress[] _progress;
    private readonly Queue<int> _keptBack = new();
    private readonly ImmutableArray<PipelineAction>.Builder _actions;

    /// <param name="shape">Devices, chunks and micro-batches.</param>
    /// <param name="chunks">The device's chunks; the methods below name them by their place here.</param>
    public ActionList(ScheduleShape shape, ImmutableArray<int> chunks)
    {
        _chunks = chunks;
        _lastChunk = shape.Chunks - 1;
        _microBatches = shape.MicroBatches;
        _progress = new ChunkProgress[chunks.Length];
        _actions = ImmutableArray.CreateBuilder<PipelineAction>();
    }

    /// <summary>Adds the next F of a chunk, with its L where the chunk is the last.</summary>
    public PipelineAction Forward(int chunk = 0)
    {
        var forward = Add(ActionKind.Forward, chunk);
        if (_chunks[chunk] == _lastChunk)
            Add(ActionKind.Loss, chunk);
        return forward;
    }

    /// <summary>Adds the next BW of a chunk.</summary>
    public PipelineAction Backward(int chunk = 0) => Add(ActionKind.Backward, chunk);

    /// <summary>Adds the next B of a chunk; its W is kept back.</summary>
    public PipelineAction InputGradient(int chunk = 0)
    {
        _keptBack.Enqueue(chunk);
        return Add(ActionKind.InputGradient, chunk);
    }

    /// <summary>Adds the W that was kept back for longest.</summary>
    /// <returns>It, or null when none was kept back.</returns>
    public PipelineAction? WeightGradient() =>
        _keptBack.TryDequeue(out var chunk) ? Add(ActionKind.WeightGradient, chunk) : null;

    /// <summary>Adds all W that are kept back.</summary>
    public void WeightGradients()
    {
        while (_keptBack.Count > 0)
            WeightGradient();
    }

    /// <summary>The finished list.</summary>
    public ImmutableArray<PipelineAction> ToImmutable() => _actions.DrainToImmutable();

    private PipelineAction Add(ActionKind kind, int chunk)
    {
        ref var progress = ref _progress[chunk];
        var action = new PipelineAction(kind, _chunks[chunk], progress.Next(kind));
        progress.Advance(kind);
        if (action.MicroBatch < _microBatches)
            _actions.Add(action);
        return action;
    }
}
