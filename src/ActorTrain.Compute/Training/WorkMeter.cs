using System.Collections.Immutable;
using System.Diagnostics;
using ActorTrain.Compute.Devices;
using ActorTrain.Core.Schedules;
using ActorTrain.Core.Simulation;

namespace ActorTrain.Compute.Training;

/// <summary>
/// Adds up what devices do, for the bubble of a run and the mean times of its actions. The first step, which warms caches
/// and thread pools up, is left out.
/// </summary>
public sealed class WorkMeter
{
    private static readonly int Kinds = Enum.GetValues<ActionKind>().Length;

    private readonly Lock _gate = new();
    private long[] _busy = [];
    private long[] _updating = [];
    private long[] _ticks = [];
    private long[] _count = [];
    private long[] _busyBefore = [];
    private double[] _lastBusy = [];
    private long _start;
    private long _end;
    private int _steps;

    /// <summary>Creates a meter.</summary>
    /// <param name="devices">Devices in the pipeline.</param>
    /// <param name="chunks">Chunks in the pipeline.</param>
    public WorkMeter(int devices, int chunks) => Reset(devices, chunks);

    /// <summary>Begins anew, for another plan.</summary>
    /// <param name="devices">Devices in the pipeline.</param>
    /// <param name="chunks">Chunks in the pipeline.</param>
    public void Reset(int devices, int chunks)
    {
        lock (_gate)
        {
            (_busy, _updating, _busyBefore, _lastBusy) = (new long[devices], new long[devices], new long[devices], new double[devices]);
            (_ticks, _count) = (new long[chunks * Kinds], new long[chunks * Kinds]);
            (_start, _end, _steps) = (0, 0, -1);
        }
    }

    /// <summary>Takes note of what a device did.</summary>
    public void Observe(WorkTiming timing)
    {
        var ticks = timing.End - timing.Start;
        if (timing.Action is { } action)
            AddActions(timing.Device, action.Chunk, action.Kind, ticks, 1);
        else if (timing.IsUpdate)
            AddUpdate(timing.Device, ticks);
    }

    /// <summary>Takes note of actions.</summary>
    /// <param name="device">The device that ran them.</param>
    /// <param name="chunk">Their chunk.</param>
    /// <param name="kind">Their kind.</param>
    /// <param name="ticks">How long all of them took, in ticks of <see cref="Stopwatch"/>.</param>
    /// <param name="count">How many there were.</param>
    public void AddActions(int device, int chunk, ActionKind kind, long ticks, int count)
    {
        lock (_gate)
        {
            var cell = chunk * Kinds + (int)kind;
            _ticks[cell] += ticks;
            _count[cell] += count;
            _busy[device] += ticks;
        }
    }

    /// <summary>Takes note of norms and updates.</summary>
    /// <param name="device">The device that ran them.</param>
    /// <param name="ticks">How long they took, in ticks of <see cref="Stopwatch"/>.</param>
    public void AddUpdate(int device, long ticks)
    {
        lock (_gate)
        {
            _updating[device] += ticks;
            _busy[device] += ticks;
        }
    }

    /// <summary>Takes note that a step ended.</summary>
    public void EndStep()
    {
        lock (_gate)
        {
            var now = Stopwatch.GetTimestamp();
            for (var d = 0; d < _busy.Length; d++)
                _lastBusy[d] = _end == 0 ? 0 : Math.Min(1, (double)(_busy[d] - _busyBefore[d]) / (now - _end));
            if (++_steps == 0)
            {
                _start = now;
                foreach (var sums in new[] { _busy, _updating, _ticks, _count })
                    Array.Clear(sums);
            }

            _busy.CopyTo(_busyBefore, 0);
            _end = now;
        }
    }

    /// <summary>Leaves the time since the last step out: the run was paused.</summary>
    public void EndPause()
    {
        lock (_gate)
        {
            var now = Stopwatch.GetTimestamp();
            (_start, _end) = (_start + now - _end, now);
        }
    }

    /// <summary>For each device the share of the last step that it was busy.</summary>
    public ImmutableArray<double> LastBusy
    {
        get
        {
            lock (_gate)
                return [.. _lastBusy];
        }
    }

    /// <summary>The share of the devices' time that they were idle, over all steps but the first; null before the second.</summary>
    public double? Bubble
    {
        get
        {
            lock (_gate)
                return _steps < 1 ? null : 1 - (double)_busyBefore.Sum() / (_busy.Length * (_end - _start));
        }
    }

    /// <summary>The mean wall-clock time of a step, over all but the first, in seconds; null before the second.</summary>
    public double? StepSeconds
    {
        get
        {
            lock (_gate)
                return _steps < 1 ? null : Stopwatch.GetElapsedTime(_start, _end).TotalSeconds / _steps;
        }
    }

    /// <summary>What the schedule allows at best with the mean action times of this run; null before the second step.</summary>
    /// <param name="schedule">The schedule.</param>
    public BubbleBound? Bound(Schedule schedule)
    {
        lock (_gate)
        {
            if (_steps < 1)
                return null;
            return BubbleBound.Of(schedule, [.. Enumerable.Range(0, _ticks.Length / Kinds).Select(c => Cost(schedule, c))]);
        }
    }

    private ChunkCost Cost(Schedule schedule, int chunk)
    {
        double Mean(ActionKind kind)
        {
            var cell = chunk * Kinds + (int)kind;
            return _count[cell] == 0 ? 0 : Seconds(_ticks[cell]) / _count[cell];
        }

        var device = schedule.Placement[chunk];
        var update = Seconds(_updating[device]) / _steps / schedule.ChunksOf(device).Count();
        return new ChunkCost(
            Mean(ActionKind.Forward), Mean(ActionKind.Loss), Mean(ActionKind.Backward),
            Mean(ActionKind.InputGradient), Mean(ActionKind.WeightGradient), update);
    }

    private static double Seconds(long ticks) => (double)ticks / Stopwatch.Frequency;
}
