using ActorTrain.Compute.Native;
using ActorTrain.Core.Devices;
using ActorTrain.Core.Schedules;
using ActorTrain.Core.Settings;
using TorchSharp;

namespace ActorTrain.Compute.Devices;

/// <summary>How a device's thread runs, and who is told what it does.</summary>
public sealed record DeviceExecutorOptions
{
    /// <summary>How the operating system schedules the thread.</summary>
    public DeviceThreads Threads { get; init; }

    /// <summary>Is told of everything that the device did, on the device's thread; returns at once.</summary>
    public Action<WorkTiming>? Observer { get; init; }

    /// <summary>Notes what the device does while it does it, for whoever finds the process dead; null for nobody.</summary>
    public IFlightRecorder? Recorder { get; init; }

    /// <summary>
    /// Is called before each scheduled action, on the device's thread and within the action's time: what makes a device slow
    /// by hand, to rehearse how a schedule takes it.
    /// </summary>
    public Action<PipelineAction>? Rehearsal { get; init; }

    // A new thread inherits the number of torch threads that was set last anywhere, so each device sets its own.
    internal void PrepareThread(DeviceSpec spec)
    {
        if (spec.Kind == DeviceKind.Cpu)
            CpuAffinity.PinCurrentThread([.. Enumerable.Range(spec.First, spec.Cores)]);
        Threads.ApplyToCurrentThread();
        torch.set_num_threads(spec.Kind == DeviceKind.Cpu ? spec.Cores : 1);
    }
}
