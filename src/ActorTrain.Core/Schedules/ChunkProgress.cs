namespace ActorTrain.Core.Schedules;

/// <summary>How many actions of each kind a chunk has run; because it runs them in micro-batch order, that says which.</summary>
internal struct ChunkProgress
{
    /// <summary>F run.</summary>
    public int Forwards { get; private set; }

    /// <summary>L run.</summary>
    public int Losses { get; private set; }

    /// <summary>B and BW run.</summary>
    public int InputGradients { get; private set; }

    /// <summary>W and BW run.</summary>
    public int WeightGradients { get; private set; }

    /// <summary>The most micro-batches that were in flight at a time.</summary>
    public int Peak { get; private set; }

    /// <summary>Micro-batches between their F and the action that frees their activations.</summary>
    public readonly int InFlight => Forwards - WeightGradients;

    /// <summary>The micro-batch that the next action of a kind is for.</summary>
    public readonly int Next(ActionKind kind) => kind switch
    {
        ActionKind.Forward => Forwards,
        ActionKind.Loss => Losses,
        ActionKind.Backward or ActionKind.InputGradient => InputGradients,
        ActionKind.WeightGradient => WeightGradients,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "not a kind of action"),
    };

    /// <summary>Counts an action.</summary>
    public void Advance(ActionKind kind)
    {
        switch (kind)
        {
            case ActionKind.Forward:
                Forwards++;
                Peak = Math.Max(Peak, InFlight);
                break;
            case ActionKind.Loss:
                Losses++;
                break;
            case ActionKind.Backward:
                InputGradients++;
                WeightGradients++;
                break;
            case ActionKind.InputGradient:
                InputGradients++;
                break;
            case ActionKind.WeightGradient:
                WeightGradients++;
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(kind), kind, "not a kind of action");
        }
    }

    /// <summary>Counts what a number of micro-batches has run when nothing of them is in flight any more.</summary>
    public void RewindTo(int microBatches) =>
        (Forwards, Losses, InputGradients, WeightGradients) = (microBatches, microBatches, microBatches, microBatches);

    /// <summary>The first action that a whole step still lacks, or null.</summary>
    public readonly PipelineAction? Missing(ScheduleShape shape, int chunk)
    {
        var m = shape.MicroBatches;
        if (Forwards < m)
            return new(ActionKind.Forward, chunk, Forwards);
        if (chunk == shape.Chunks - 1 && Losses < m)
            return new(ActionKind.Loss, chunk, Losses);
        if (InputGradients < m)
            return new(ActionKind.Backward, chunk, InputGradients);
        return WeightGradients < m ? new(ActionKind.WeightGradient, chunk, WeightGradients) : null;
    }
}
