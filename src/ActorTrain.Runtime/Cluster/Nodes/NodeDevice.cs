using ActorTrain.Compute.Devices;
using ActorTrain.Compute.Native;
using ActorTrain.Core.Devices;
using ActorTrain.Core.Generations;
using ActorTrain.Core.Schedules;
using ActorTrain.Core.Tracing;
using ActorTrain.Runtime.Cluster.Protocol;

namespace ActorTrain.Runtime.Cluster.Nodes;

/// <summary>A device that this node offers: its thread, which lives as long as the node does, and what that has done.</summary>
internal sealed class NodeDevice : IDisposable
{
    private readonly Lock _gate = new();
    private readonly DeviceMeter _meter = new();
    private readonly DeviceTrace _trace = new();
    private (string Job, Generation Generation)? _user;
    private readonly FlightRecorder? _recorder;
    private volatile SpanRing? _spans;
    private int _users;

    /// <summary>Starts the device's thread.</summary>
    /// <param name="spec">The device.</param>
    /// <param name="options">How its thread runs.</param>
    /// <param name="recorder">Notes what it does, when it has this process for itself; owned by the device.</param>
    public NodeDevice(DeviceSpec spec, DeviceExecutorOptions options, FlightRecorder? recorder)
    {
        Spec = spec;
        _recorder = recorder;
        Executor = new DeviceExecutor(0, spec, options with { Observer = Observe, Recorder = recorder });
    }

    /// <summary>The device.</summary>
    public DeviceSpec Spec { get; }

    /// <summary>Its thread.</summary>
    public DeviceExecutor Executor { get; }

    /// <summary>
    /// Gives the device a schedule's order. The stages of one generation share it: the first sets the order, and when the
    /// last has released the device, what still waits is dropped.
    /// </summary>
    /// <param name="job">The job's id.</param>
    /// <param name="generation">The generation.</param>
    /// <param name="schedule">The schedule.</param>
    /// <param name="device">The device's place in it.</param>
    /// <param name="traced">The steps to trace, or null.</param>
    /// <param name="done">Steps that are done before.</param>
    public void Follow(string job, Generation generation, Schedule schedule, int device, TraceSteps? traced, long done)
    {
        lock (_gate)
        {
            if (_user == (job, generation))
            {
                _users++;
                return;
            }

            (_user, _users) = ((job, generation), 1);
            Executor.Clear();
            _trace.Begin(traced is { } steps ? new TraceRecorder(schedule, steps, done, () => NativeHeap.BytesInUse) : null, device, schedule.Shape.ChunksPerDevice);
            _recorder?.WorkFor(job, generation);
            _spans = new SpanRing(schedule, device, done);
            Executor.Follow(schedule.Actions is { } lists ? new ListedOrder(lists[device]) : new ReactiveOrder(schedule.Credits));
        }
    }

    /// <summary>Gives the device back.</summary>
    /// <param name="job">The job's id.</param>
    /// <param name="generation">The generation; one that another has followed is passed over.</param>
    public void Release(string job, Generation generation)
    {
        lock (_gate)
        {
            if (_user != (job, generation) || --_users > 0)
                return;
            _user = null;
            Executor.Clear();
        }
    }

    /// <summary>What the device did for a chunk since the last call.</summary>
    public WorkDone TakeWork(int chunk) => _meter.Take(chunk);

    /// <summary>What the device did for a chunk in one of the last steps.</summary>
    /// <param name="chunk">The chunk.</param>
    /// <param name="step">The step.</param>
    public IReadOnlyList<TracedSpan> SpansOf(int chunk, long step) => _spans?.Of(chunk, step) ?? [];

    /// <summary>A stage has done the last step that is traced.</summary>
    /// <returns>What the device did in those steps, once all its stages have; until then null.</returns>
    public Task<RecordedTrace>? EndTrace() => _trace.IsEndedByAll() ? Executor.Run("trace", _trace.Take) : null;

    /// <inheritdoc/>
    public void Dispose()
    {
        Executor.Dispose();
        _recorder?.Dispose();
    }

    private void Observe(WorkTiming timing)
    {
        _meter.Observe(timing);
        _spans?.Add(timing);
        _trace.Observe(timing);
    }
}
