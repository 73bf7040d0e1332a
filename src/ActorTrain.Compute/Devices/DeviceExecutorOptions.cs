using ActorTrain.Core.Devices;
using TorchSharp;

namespace ActorTrain.Compute.Devices;

/// <summary>How a device's thread runs, and who is told what it does.</summary>
public sealed record DeviceExecutorOptions
{
    /// <summary>Is told of everything that the device did, on the device's thread; returns at once.</summary>
    public Action<WorkTiming>? Observer { get; init; }

    // A new thread inherits the number of torch threads that was set last anywhere, so each device sets its own.
    internal static void PrepareThread(DeviceSpec spec)
    {
        torch.set_num_threads(spec.Kind == DeviceKind.Cpu ? spec.Cores : 1);
    }
}
