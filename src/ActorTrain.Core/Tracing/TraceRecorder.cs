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

    private readonly TraceSteps _steps;
    private readonly Func<long> _memory;
    private readonly TraceRing?[] _rings;
    private readonly int _capacity;
    private readonly long[] _stepOfChunk;
    private readonly long[] _stepOfDevice;
    private long? _memoryAsked;
    private readonly ConcurrentQueue<(string Name, long At)> _marks = new();

    /// <summary>Prepares the rings; each is allocated with the first thing that its device does.</summary>
    /// <param name="schedule">The schedule that will run.</param>
    /// <param name="steps">The steps to keep.</param>
    /// <param name="done">Steps that are done before the run.</param>
    /// <param name="memory">What the process holds, in bytes; asked on the first device's thread between actions, every 10 ms.</param>
    public TraceRecorder(Schedule schedule, TraceSteps steps, long done, Func<long> memory)
    {
        (_steps, _memory) = (steps, memory);
        var actions = 4L * schedule.Shape.ChunksPerDevice * (schedule.Shape.MicroBatches + 1);
        _capacity = (int)Math.Min(MostRecords, Math.Min(steps.Count, MostRecords) * actions * SpareFactor);
        _rings = new TraceRing?[schedule.Shape.Devices];
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
            (_rings[device] ??= new TraceRing(_capacity)).Add(new TraceRecord(step, action, name, ready, start, end, Memory(device, end)));
    }

    /// <summary>Takes note that something happened now, such as a checkpoint. On any thread.</summary>
    /// <param name="name">What.</param>
    public void Mark(string name) => _marks.Enqueue((name, Stopwatch.GetTimestamp()));

    /// <summary>What a device did. Called on that device's thread, or once that has ended.</summary>
    /// <param name="device">The device's index.</param>
    internal IEnumerable<TraceRecord> Read(int device) => _rings[device]?.Read() ?? [];

    /// <summary>How many records of a device were overwritten.</summary>
    /// <param name="device">The device's index.</param>
    internal long DroppedOf(int device) => _rings[device]?.Dropped ?? 0;

    /// <summary>The trace, once the devices' threads have ended.</summary>
    /// <param name="job">The job's name.</param>
    /// <param name="node">The node that the devices are of.</param>
    /// <param name="plan">The plan that ran.</param>
    /// <param name="predicted">For each chunk the times that it was made with.</param>
    /// <exception cref="TraceException">None of the steps ran.</exception>
    public Trace Build(string job, string node, PipelinePlan plan, ImmutableArray<ChunkCost> predicted)
    {
        var assembly = new TraceAssembly(job, plan, [.. plan.Devices.Select(_ => node)], predicted);
        for (var device = 0; device < _rings.Length; device++)
            assembly.Add(device, Read(device), DroppedOf(device));
        foreach (var (name, at) in _marks)
            assembly.Mark(name, at);
        return assembly.Build() ?? throw new TraceException($"nothing to trace: none of the steps {_steps} ran");
    }

    private long Memory(int device, long now)
    {
        if (device != 0 || (_memoryAsked is { } asked && now - asked < MemoryPause))
            return 0;
        _memoryAsked = now;
        return _memory();
    }
}
