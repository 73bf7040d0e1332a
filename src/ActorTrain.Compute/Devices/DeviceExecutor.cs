using System.Diagnostics;
using ActorTrain.Compute.Native;
using ActorTrain.Core.Devices;
using ActorTrain.Core.Schedules;
using TorchSharp;

namespace ActorTrain.Compute.Devices;

/// <summary>
/// A device's one thread, pinned to its cores, which does all torch work for it. The executor alone decides what runs
/// next: first what is outside of the schedule (loads, norms, updates, snapshots) in the order of its arrival, then the
/// scheduled action that the order allows, as soon as its input is there. Between two actions nothing waits for a lock
/// that is held for long.
/// </summary>
public sealed class DeviceExecutor : IDisposable
{
    [ThreadStatic]
    private static DeviceExecutor? _ofThread;

    private readonly object _gate = new();
    private readonly Queue<(string Name, DeviceWork Work, long Ready)> _unscheduled = new();
    private readonly Dictionary<PipelineAction, (DeviceWork Work, long Ready)> _ready = [];
    private readonly Thread _thread;
    private readonly DeviceExecutorOptions _options;
    private IActionOrder? _order;
    private bool _stopping;

    /// <summary>Starts the device's thread.</summary>
    /// <param name="index">The device's place in the pipeline.</param>
    /// <param name="spec">The device.</param>
    /// <param name="options">How its thread runs, and who is told what it does.</param>
    /// <exception cref="DeviceException">This process may not use the device's cores.</exception>
    public DeviceExecutor(int index, DeviceSpec spec, DeviceExecutorOptions options)
    {
        Index = index;
        Spec = spec;
        _options = options;
        Device = spec.Kind == DeviceKind.Cuda ? torch.device(DeviceType.CUDA, spec.First) : torch.CPU;
        var prepared = new TaskCompletionSource();
        _thread = new Thread(() => Start(prepared)) { IsBackground = true, Name = $"device {spec}" };
        _thread.Start();
        prepared.Task.GetAwaiter().GetResult();
    }

    /// <summary>Whether the calling thread is a device's.</summary>
    public static bool OnDeviceThread => _ofThread is not null;

    /// <summary>Tells the observer of a part of what the calling device thread does at present; elsewhere nobody is told.</summary>
    /// <param name="name">What the part is, for traces.</param>
    /// <param name="start">When it began, in ticks of <see cref="Stopwatch"/>; it ends now.</param>
    internal static void ObservePart(string name, long start)
    {
        if (_ofThread is { _options.Observer: { } observer } device)
            observer(new WorkTiming(device.Index, null, name, start, start, Stopwatch.GetTimestamp()));
    }

    /// <summary>The device's place in the pipeline.</summary>
    public int Index { get; }

    /// <summary>The device.</summary>
    public DeviceSpec Spec { get; }

    /// <summary>Where tensors of this device live.</summary>
    public torch.Device Device { get; }

    /// <summary>Sets the order of the scheduled actions from now on.</summary>
    public void Follow(IActionOrder order)
    {
        lock (_gate)
        {
            _order = order;
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Hands over a scheduled action whose input is there. Never blocks.</summary>
    /// <param name="action">The action; at most one of its kind, chunk and micro-batch waits at a time.</param>
    /// <param name="work">What it does.</param>
    public void Submit(PipelineAction action, DeviceWork work)
    {
        lock (_gate)
        {
            if (!_stopping)
            {
                _ready.Add(action, (work, Stopwatch.GetTimestamp()));
                Monitor.Pulse(_gate);
                return;
            }
        }

        work.Discard();
    }

    /// <summary>Hands over something outside of the schedule; it runs before any scheduled action. Never blocks.</summary>
    /// <param name="name">What it is, for traces.</param>
    /// <param name="work">What it does.</param>
    public void Submit(string name, DeviceWork work)
    {
        lock (_gate)
        {
            if (!_stopping)
            {
                _unscheduled.Enqueue((name, work, Stopwatch.GetTimestamp()));
                Monitor.Pulse(_gate);
                return;
            }
        }

        work.Discard();
    }

    /// <summary>Runs a function on the device's thread, between two actions.</summary>
    /// <typeparam name="T">The result.</typeparam>
    /// <param name="name">What it is, for traces.</param>
    /// <param name="function">The function; an exception is thrown to whoever awaits.</param>
    public Task<T> Run<T>(string name, Func<T> function)
    {
        var work = new FunctionWork<T>(function);
        Submit(name, work);
        return work.Result;
    }

    /// <summary>Runs an action on the device's thread, between two others.</summary>
    /// <param name="name">What it is, for traces.</param>
    /// <param name="action">The action; an exception is thrown to whoever awaits.</param>
    public Task Run(string name, Action action) => Run(name, () =>
    {
        action();
        return true;
    });

    /// <summary>Drops the scheduled actions that wait, and forgets the order; what runs is finished.</summary>
    public void Clear()
    {
        List<DeviceWork> dropped;
        lock (_gate)
        {
            dropped = [.. _ready.Values.Select(ready => ready.Work)];
            _ready.Clear();
            _order = null;
        }

        dropped.ForEach(work => work.Discard());
    }

    /// <summary>Drops the scheduled actions that wait, does what is outside of the schedule, and ends the thread.</summary>
    public void Dispose()
    {
        // First closed, then cleared, or what is submitted in between would be neither done nor discarded.
        lock (_gate)
        {
            _stopping = true;
            Monitor.Pulse(_gate);
        }

        Clear();
        if (Thread.CurrentThread != _thread)
            _thread.Join();
    }

    // What is wrong with the device is thrown to whoever wanted it: on this thread it would end the process.
    private void Start(TaskCompletionSource prepared)
    {
        _ofThread = this;
        try
        {
            _options.PrepareThread(Spec);
        }
        catch (Exception e)
        {
            prepared.SetException(e);
            return;
        }

        prepared.SetResult();
        Loop();
    }

    private void Loop()
    {
        while (Take() is var (order, action, name, work, ready))
        {
            var start = Stopwatch.GetTimestamp();
            if (action is { } scheduled)
                _options.Rehearsal?.Invoke(scheduled);
            _options.Recorder?.Begin(name, action, work.Step);
            work.Execute();
            _options.Recorder?.End();
            _options.Observer?.Invoke(new WorkTiming(Index, action, name, ready, start, Stopwatch.GetTimestamp()));
            if (action is { } done)
                Complete(order!, done);
        }
    }

    private (IActionOrder? Order, PipelineAction? Action, string Name, DeviceWork Work, long Ready)? Take()
    {
        lock (_gate)
        {
            while (true)
            {
                if (_unscheduled.TryDequeue(out var unscheduled))
                    return (null, null, unscheduled.Name, unscheduled.Work, unscheduled.Ready);
                if (_stopping)
                    return null;
                if (_order is not null && _order.TryNext(_ready.Keys, out var action))
                {
                    _ready.Remove(action, out var waiting);
                    return (_order, action, PipelineAction.Symbol(action.Kind), waiting.Work, waiting.Ready);
                }

                Monitor.Wait(_gate);
            }
        }
    }

    // The order may have been replaced meanwhile; the new one knows nothing of this action.
    private void Complete(IActionOrder order, PipelineAction action)
    {
        lock (_gate)
            order.Completed(action);
    }
}
