using System.Collections.Immutable;
using System.Diagnostics;
using ActorTrain.Core.Plans;
using ActorTrain.Core.Simulation;

namespace ActorTrain.Core.Tracing;

/// <summary>Puts what devices recorded together to one trace. All times are in ticks of one clock.</summary>
/// <param name="job">The job's name.</param>
/// <param name="plan">The plan that ran.</param>
/// <param name="nodes">For each device the node that it is of.</param>
/// <param name="predicted">For each chunk the times that the plan was made with.</param>
internal sealed class TraceAssembly(string job, PipelinePlan plan, ImmutableArray<string> nodes, ImmutableArray<ChunkCost> predicted)
{
    private readonly List<(int Device, TraceRecord Record)> _records = [];
    private readonly List<(string Name, long At)> _marks = [];
    private long _dropped;

    /// <summary>Adds what a device recorded.</summary>
    /// <param name="device">The device's index.</param>
    /// <param name="records">The records.</param>
    /// <param name="dropped">Records that it had no room for.</param>
    public void Add(int device, IEnumerable<TraceRecord> records, long dropped)
    {
        _records.AddRange(records.Select(record => (device, record)));
        _dropped += dropped;
    }

    /// <summary>Adds something that happened.</summary>
    /// <param name="name">What.</param>
    /// <param name="at">When.</param>
    public void Mark(string name, long at) => _marks.Add((name, at));

    /// <summary>The trace; null when there is no record.</summary>
    public Trace? Build()
    {
        if (_records.Count == 0)
            return null;
        var (origin, last) = (_records.Min(r => r.Record.Start), _records.Max(r => r.Record.End));
        return new Trace
        {
            Job = job,
            Schedule = plan.Schedule,
            Devices = [.. plan.Devices.Select((device, i) => new TraceDevice(nodes[i], device.ToString()))],
            Predicted = predicted,
            Plan = new TracePlan(plan.Partition, plan.Recompute),
            Slices = [.. _records.Select(r => Slice(r.Device, r.Record, origin)).OrderBy(s => s.Start).ThenByDescending(s => s.End)],
            Marks = [.. _marks.Where(m => origin <= m.At && m.At <= last).Select(m => new TraceMark(m.Name, Seconds(origin, m.At)))],
            Memory = [.. _records.Where(r => r.Record.MemoryBytes > 0).Select(r => new MemorySample(Seconds(origin, r.Record.End), r.Record.MemoryBytes))],
            Dropped = _dropped,
        };
    }

    private static TraceSlice Slice(int device, TraceRecord record, long origin) => new(
        device,
        record.Step,
        record.Action,
        record.Action?.ToString() ?? record.Name switch { "norm" => TraceSlice.Norm, "step" => TraceSlice.Update, var name => name },
        Seconds(origin, record.Ready),
        Seconds(origin, record.Start),
        Seconds(origin, record.End));

    private static double Seconds(long origin, long ticks) => (double)(ticks - origin) / Stopwatch.Frequency;
}
