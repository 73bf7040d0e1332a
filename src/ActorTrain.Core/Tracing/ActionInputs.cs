using ActorTrain.Core.Schedules;

namespace ActorTrain.Core.Tracing;

/// <summary>Finds the slice that made what another one needed.</summary>
internal sealed class ActionInputs
{
    private readonly Dictionary<(long Step, PipelineAction Action), TraceSlice> _slices = [];
    private readonly int _lastChunk;

    public ActionInputs(Trace trace)
    {
        _lastChunk = trace.Schedule.Shape.Chunks - 1;
        foreach (var slice in trace.Slices)
            if (slice.Action is { } action)
                _slices[(slice.Step, action)] = slice;
    }

    /// <summary>The slice whose output a slice reads, or null where it reads data or none is known.</summary>
    public TraceSlice? Of(TraceSlice slice)
    {
        if (slice.Action is not { } action)
            return null;
        return action.Kind switch
        {
            ActionKind.Forward => Find(slice.Step, action with { Chunk = action.Chunk - 1 }),
            ActionKind.Loss => Find(slice.Step, action with { Kind = ActionKind.Forward }),
            ActionKind.WeightGradient => Find(slice.Step, action with { Kind = ActionKind.InputGradient }),
            _ when action.Chunk == _lastChunk => Find(slice.Step, action with { Kind = ActionKind.Loss }),
            _ => Find(slice.Step, new PipelineAction(ActionKind.Backward, action.Chunk + 1, action.MicroBatch))
                ?? Find(slice.Step, new PipelineAction(ActionKind.InputGradient, action.Chunk + 1, action.MicroBatch)),
        };
    }

    private TraceSlice? Find(long step, PipelineAction action) => _slices.TryGetValue((step, action), out var slice) ? slice : null;
}
