using System.Collections.Immutable;
using ActorTrain.Core.Plans;
using ActorTrain.Core.Schedules;
using ActorTrain.Core.Simulation;

namespace ActorTrain.Core.Tracing;

/// <summary>The complete steps of a trace, and the times of their actions.</summary>
internal sealed class TraceWindow
{
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

    /// <summary>For each chunk the median times, which one slow action does not move.</summary>
    public ImmutableArray<ChunkCost> TypicalCosts()
    {
        var updates = Slices.Where(s => s.Action is null && s.IsOfStep).GroupBy(s => s.Device)
            .ToDictionary(g => g.Key, g => g.Sum(s => s.Seconds) / Steps / Trace.Schedule.Shape.ChunksPerDevice);
        var medians = Slices.Where(s => s.Action is not null).GroupBy(s => (s.Action!.Value.Chunk, s.Action!.Value.Kind))
            .ToDictionary(g => g.Key, g => TimeSpread.Of(g.Select(s => s.Seconds)).Median);
        return
        [
            .. Enumerable.Range(0, Trace.Schedule.Shape.Chunks).Select(chunk => new ChunkCost(
                medians.GetValueOrDefault((chunk, ActionKind.Forward)),
                medians.GetValueOrDefault((chunk, ActionKind.Loss)),
                medians.GetValueOrDefault((chunk, ActionKind.Backward)),
                medians.GetValueOrDefault((chunk, ActionKind.InputGradient)),
                medians.GetValueOrDefault((chunk, ActionKind.WeightGradient)),
                updates.GetValueOrDefault(Trace.Schedule.Placement[chunk]))),
        ];
    }

    /// <summary>Equal times for all chunks, which take as much in all as given ones do.</summary>
    /// <param name="costs">For each chunk its times.</param>
    public static ImmutableArray<ChunkCost> Equal(ImmutableArray<ChunkCost> costs) => [.. Enumerable.Repeat(new ChunkCost(
        // The loss is the last chunk's alone; a share of it in each forward keeps the sum.
        costs.Average(c => c.Forward + c.Loss),
        0,
        costs.Average(c => c.Backward),
        costs.Average(c => c.InputGradient),
        costs.Average(c => c.WeightGradient),
        costs.Average(c => c.Update)), costs.Length)];
}
