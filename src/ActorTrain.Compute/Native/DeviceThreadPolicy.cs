using System.Runtime.InteropServices;
using ActorTrain.Core.Settings;

namespace ActorTrain.Compute.Native;

/// <summary>Applies <see cref="DeviceThreads"/> to a thread.</summary>
public static unsafe class DeviceThreadPolicy
{
    /// <summary>Gives the calling thread a policy; threads that it starts inherit it.</summary>
    /// <param name="policy">The policy.</param>
    /// <returns>False where there is nothing like it (not Linux), and nothing was done.</returns>
    /// <exception cref="DeviceException">The system refuses.</exception>
    public static bool ApplyToCurrentThread(this DeviceThreads policy)
    {
        if (!OperatingSystem.IsLinux())
            return false;
        var number = policy switch
        {
            DeviceThreads.Normal => Libc.SchedulingOther,
            DeviceThreads.Idle => Libc.SchedulingIdle,
            _ => throw new ArgumentOutOfRangeException(nameof(policy), policy, "not a policy"),
        };
        var zero = 0;
        if (Libc.SetScheduler(0, number, &zero) != 0)
            throw new DeviceException($"a thread cannot be scheduled as {policy}: {Marshal.GetLastPInvokeErrorMessage()}");
        return true;
    }
}
