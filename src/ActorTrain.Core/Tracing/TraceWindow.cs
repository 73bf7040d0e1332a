using System.Collections.Immutable;
using ActorTrain.Core.Schedules;
using ActorTrain.Core.Simulation;

namespace ActorTrain.Core.Tracing;

/// <summary>The complete steps of a trace, and the times of their actions.</summary>
internal sealed class TraceWindow
{
    private static readonly ImmutableArray<ActionKind> Kinds = [.. Enum.GetValues<ActionKind>()];

    private readonly Dictionary<(long Step, PipelineAction Action), double> _seconds;

    /// <summary>Finds the complete steps.</summary>
    /// <exception cref="TraceException">No step is complete.</exception>
    public TraceWindow(Trace trace)
    {
        Trace = trace;
        var chunks = trace.Schedule.Shape.Chunks;
        var wanted = chunks * trace.Schedule.Shape.MicroBatches;
        var complete = trace.Slices.GroupBy(s => s.Step)
            .Where(step => step.Count(s => s.Action?.Kind == ActionKind.Forward) == wanted
                && step.Count(s => s.Action?.Kind is ActionKind.Backward or ActionKind.WeightGradient) == wanted
                && step.Count(s => s.Name == TraceSlice.Update) == chunks)
            .Select(step => step.Key).Order().ToList();
        if (complete.Count == 0)
            throw new TraceException($"no step of the trace is complete: each has {wanted} forwards, as many backwards and {chunks} updates");
        (First, Last) = (complete[0], complete[^1]);
        Slices = [.. trace.Slices.Where(s => s.Step >= First && s.Step <= Last)];
        Start = Slices.Min(s => s.Start);
        End = Slices.Where(s => s.IsOfStep).Max(s => s.End);
        _seconds = Slices.Where(s => s.Action is not null).ToDictionary(s => (s.Step, s.Action!.Value), s => s.Seconds);
    }

    public Trace Trace { get; }

    public long First { get; }

    public long Last { get; }

    public int Steps => (int)(Last - First + 1);

    public double Start { get; }

    public double End { get; }

    public double Seconds => End - Start;

    /// <summary>The slices of the complete steps, by start.</summary>
    public ImmutableArray<TraceSlice> Slices { get; }

    /// <summary>All devices' time that the steps' work took.</summary>
    public double Computing => Slices.Where(s => s.IsOfStep).Sum(s => s.Seconds);

    /// <summary>What an action took.</summary>
    /// <param name="step">The step, from 0 at the first complete one.</param>
    /// <param name="action">The action.</param>
    public double SecondsOf(int step, PipelineAction action) => _seconds[(First + step, action)];

    /// <summary>For each chunk the mean times.</summary>
    public ImmutableArray<ChunkCost> MeanCosts()
    {
        var updates = Slices.Where(s => s.Action is null && s.IsOfStep).GroupBy(s => s.Device)
            .ToDictionary(g => g.Key, g => g.Sum(s => s.Seconds) / Steps / Trace.Schedule.Shape.ChunksPerDevice);
        var means = Slices.Where(s => s.Action is not null).GroupBy(s => (s.Action!.Value.Chunk, s.Action!.Value.Kind))
            .ToDictionary(g => g.Key, g => g.Average(s => s.Seconds));
        return
        [
            .. Enumerable.Range(0, Trace.Schedule.Shape.Chunks).Select(chunk => Cost(
                kind => means.GetValueOrDefault((chunk, kind)),
                updates.GetValueOrDefault(Trace.Schedule.Placement[chunk]))),
        ];
    }

    /// <summary>Equal times for all chunks, which take as much in all as their own ones do.</summary>
    public ImmutableArray<ChunkCost> EqualCosts()
    {
        var chunks = Trace.Schedule.Shape.Chunks;
        var means = Slices.Where(s => s.Action is not null).GroupBy(s => s.Action!.Value.Kind)
            .ToDictionary(g => g.Key, g => g.Average(s => s.Seconds));
        var update = Slices.Where(s => s.Action is null && s.IsOfStep).Sum(s => s.Seconds) / Steps / chunks;
        // The loss is the last chunk's alone; its share of each forward keeps the sum.
        var loss = means.GetValueOrDefault(ActionKind.Loss) / chunks;
        return [.. Enumerable.Repeat(Cost(kind => kind switch
        {
            ActionKind.Loss => 0,
            ActionKind.Forward => means[kind] + loss,
            _ => means.GetValueOrDefault(kind),
        }, update), chunks)];
    }

    private static ChunkCost Cost(Func<ActionKind, double> mean, double update)
    {
        var times = Kinds.Select(mean).ToList();
        return new ChunkCost(times[0], times[1], times[2], times[3], times[4], update);
    }
}
