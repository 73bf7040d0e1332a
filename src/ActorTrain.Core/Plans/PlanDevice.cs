using ActorTrain.Core.Devices;

namespace ActorTrain.Core.Plans;

/// <summary>A device that a plan may use.</summary>
/// <param name="Spec">The device.</param>
/// <param name="Speed">How fast it is, 1 for the profiled one.</param>
/// <param name="MemoryBytes">The memory that a plan may fill; null when there is no limit.</param>
/// <param name="Link">The way to the next device.</param>
public sealed record PlanDevice(DeviceSpec Spec, double Speed = 1, long? MemoryBytes = null, PlanLink Link = default);

/// <summary>The way between two neighbouring devices, the same in both directions.</summary>
/// <param name="LatencySeconds">Time on the way.</param>
/// <param name="SecondsPerByte">The inverse of the bandwidth; 0 for a hand-over within a process.</param>
public readonly record struct PlanLink(double LatencySeconds, double SecondsPerByte)
{
    /// <summary>The way between any two devices: that of the slowest link between them.</summary>
    /// <param name="devices">All devices, in pipeline order.</param>
    /// <param name="one">A device's index.</param>
    /// <param name="other">Another's.</param>
    public static PlanLink Between(IReadOnlyList<PlanDevice> devices, int one, int other)
    {
        var slowest = default(PlanLink);
        for (var device = Math.Min(one, other); device < Math.Max(one, other); device++)
            slowest = new(
                Math.Max(slowest.LatencySeconds, devices[device].Link.LatencySeconds),
                Math.Max(slowest.SecondsPerByte, devices[device].Link.SecondsPerByte));
        return slowest;
    }
}
