using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics;
using ActorTrain.Core.Plans;
using ActorTrain.Core.Schedules;
using ActorTrain.Core.Simulation;

namespace ActorTrain.Core.Tracing;

/// <summary>
/// Takes note of what devices do: each device's thread writes into a ring of its own, without a lock and without
/// allocating. Read it when the devices' threads have ended.
/// </summary>
public sealed class TraceRecorder
{
    // Actions, norms and updates of a step are counted exactly; loads, snapshots and recomputed layers come on top.
    private const int SpareFactor = 4;
    private const int MostRecords = 1 << 20;

    // Asking the C library costs tens of microseconds, more than the shortest actions may bear each.
    private static readonly long MemoryPause = Stopwatch.Frequency / 100;

    private readonly Schedule _schedule;
    private readonly TraceSteps _steps;
    private readonly Func<long> _memory;
    private readonly TraceRing[] _rings;
    private readonly long[] _stepOfChunk;
    private readonly long[] _stepOfDevice;
    private long? _memoryAsked;
    private readonly ConcurrentQueue<(string Name, long At)> _marks = new();

    /// <summary>Allocates the rings.</summary>
    /// <param name="schedule">The schedule that will run.</param>
    /// <param name="steps">The steps to keep.</param>
    /// <param name="done">Steps that are done before the run.</param>
    /// <param name="memory">What the process holds, in bytes; asked on the first device's thread between actions, every 10 ms.</param>
    public TraceRecorder(Schedule schedule, TraceSteps steps, long done, Func<long> memory)
    {
        (_schedule, _steps, _memory) = (schedule, steps, memory);
        var actions = 4L * schedule.Shape.ChunksPerDevice * (schedule.Shape.MicroBatches + 1);
        var capacity = (int)Math.Min(MostRecords, Math.Min(steps.Count, MostRecords) * actions * SpareFactor);
        _rings = [.. Enumerable.Range(0, schedule.Shape.Devices).Select(_ => new TraceRing(capacity))];
        _stepOfChunk = [.. Enumerable.Repeat(done, schedule.Shape.Chunks)];
        _stepOfDevice = [.. Enumerable.Repeat(done, schedule.Shape.Devices)];
    }

    /// <summary>Takes note of what a device did. Called on that device's thread.</summary>
    /// <param name="device">The device's index.</param>
    /// <param name="action">The scheduled action, or null.</param>
    /// <param name="name">What it was where it was no scheduled action.</param>
    /// <param name="ready">When its input was there, in ticks of <see cref="Stopwatch"/>.</param>
    /// <param name="start">When it began.</param>
    /// <param name="end">When it ended.</param>
    public void Record(int device, PipelineAction? action, string name, long ready, long start, long end)
    {
        // In every schedule a chunk's first forward pass of a step is micro-batch 0's.
        if (action is { } scheduled)
            _stepOfDevice[device] = scheduled is { Kind: ActionKind.Forward, MicroBatch: 0 }
                ? ++_stepOfChunk[scheduled.Chunk]
                : _stepOfChunk[scheduled.Chunk];
        var step = _stepOfDevice[device];
        if (_steps.Contains(step))
            _rings[device].Add(new TraceRecord(step, action, name, ready, start, end, Memory(device, end)));
    }

    /// <summary>Takes note that something happened now, such as a checkpoint. On any thread.</summary>
    /// <param name="name">What.</param>
    public void Mark(string name) => _marks.Enqueue((name, Stopwatch.GetTimestamp()));

    /// <summary>The trace, once the devices' threads have ended.</summary>
    /// <param name="job">The job's name.</param>
    /// <param name="node">The node that the devices are of.</param>
    /// <param name="plan">The plan that ran.</param>
    /// <param name="predicted">For each chunk the times that it was made with.</param>
    /// <exception cref="TraceException">None of the steps ran.</exception>
    public Trace Build(string job, string node, PipelinePlan plan, ImmutableArray<ChunkCost> predicted)
    {
        var records = _rings.SelectMany((ring, device) => ring.Read().Select(record => (Device: device, Record: record))).ToList();
        if (records.Count == 0)
            throw new TraceException($"nothing to trace: none of the steps {_steps} ran");
        var (origin, last) = (records.Min(r => r.Record.Start), records.Max(r => r.Record.End));
        return new Trace
        {
            Job = job,
            Schedule = _schedule,
            Devices = [.. plan.Devices.Select(device => new TraceDevice(node, device.ToString()))],
            Predicted = predicted,
            Plan = new TracePlan(plan.Partition, plan.Recompute),
            Slices = [.. records.Select(r => Slice(r.Device, r.Record, origin)).OrderBy(s => s.Start).ThenByDescending(s => s.End)],
            Marks = [.. _marks.Where(m => origin <= m.At && m.At <= last).Select(m => new TraceMark(m.Name, Seconds(origin, m.At)))],
            Memory = [.. records.Where(r => r.Record.MemoryBytes > 0).Select(r => new MemorySample(Seconds(origin, r.Record.End), r.Record.MemoryBytes))],
            Dropped = _rings.Sum(ring => ring.Dropped),
        };
    }

    private long Memory(int device, long now)
    {
        if (device != 0 || (_memoryAsked is { } asked && now - asked < MemoryPause))
            return 0;
        _memoryAsked = now;
        return _memory();
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
