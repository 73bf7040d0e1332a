using System.Collections.Immutable;
using System.Diagnostics;
using ActorTrain.Compute.Training;
using ActorTrain.Core.Schedules;
using ActorTrain.Core.Training;
using ActorTrain.Runtime.Cluster.Protocol;

namespace ActorTrain.Runtime.Cluster.Jobs;

/// <summary>Puts together what the stages report: a step is complete when it is judged and every stage has ended it.</summary>
/// <param name="last">The last step that is done already.</param>
/// <param name="schedule">The schedule.</param>
/// <param name="meter">Is told what the devices did.</param>
internal sealed class StepLedger(long last, Schedule schedule, WorkMeter meter)
{
    private readonly Dictionary<long, Entry> _open = [];
    private readonly int _stages = schedule.Placement.Length;
    private long _next = last + 1;

    /// <summary>Takes a judgement.</summary>
    public void Add(StepJudged judged) => Of(judged.Step).Judged = judged;

    /// <summary>Takes a stage's report.</summary>
    public void Add(StageStepped stepped)
    {
        var entry = Of(stepped.Step);
        entry.Stages++;
        if (stepped.Edge is { } edge)
            entry.Edges.Add(edge);
        var device = schedule.Placement[stepped.Stage];
        for (var kind = 0; kind < stepped.Work.Seconds.Count; kind++)
            meter.AddActions(device, stepped.Stage, (ActionKind)kind, Ticks(stepped.Work.Seconds[kind]), stepped.Work.Counts[kind]);
        meter.AddUpdate(device, Ticks(stepped.Work.UpdateSeconds));
    }

    /// <summary>Takes out the steps that are complete, in their order.</summary>
    public IEnumerable<(StepJudged Judged, ImmutableArray<EdgeUse> Edges)> TakeComplete()
    {
        while (_open.TryGetValue(_next, out var entry) && entry is { Judged: { } judged } && entry.Stages == _stages)
        {
            _open.Remove(_next++);
            yield return (judged, [.. entry.Edges.OrderBy(e => e.Edge).Select(e => e.Value)]);
        }
    }

    private Entry Of(long step)
    {
        if (!_open.TryGetValue(step, out var entry))
            _open[step] = entry = new Entry();
        return entry;
    }

    private static long Ticks(double seconds) => (long)(seconds * Stopwatch.Frequency);

    private sealed class Entry
    {
        public StepJudged? Judged { get; set; }

        public int Stages { get; set; }

        public List<EdgeUsage> Edges { get; } = [];
    }
}
