using System.Runtime.InteropServices;

namespace ActorTrain.Compute.Native;

/// <summary>How a device's thread competes for its cores.</summary>
public enum DeviceThreadPriority
{
    /// <summary>As every thread (<c>SCHED_OTHER</c>).</summary>
    Normal,

    /// <summary>
    /// Only when nothing else wants the core (<c>SCHED_IDLE</c>): threads that carry hand-offs come first, but so does
    /// every other program on the machine.
    /// </summary>
    Idle,
}

/// <summary>Applies a <see cref="DeviceThreadPriority"/>.</summary>
public static unsafe class DeviceThreadPriorities
{
    /// <summary>Gives the calling thread a priority; threads that it starts inherit it.</summary>
    /// <param name="priority">The priority.</param>
    /// <returns>False where there is nothing like it (not Linux), and nothing was done.</returns>
    /// <exception cref="DeviceException">The system refuses.</exception>
    public static bool ApplyToCurrentThread(this DeviceThreadPriority priority)
    {
        if (!OperatingSystem.IsLinux())
            return false;
        var policy = priority switch
        {
            DeviceThreadPriority.Normal => Libc.SchedulingOther,
            DeviceThreadPriority.Idle => Libc.SchedulingIdle,
            _ => throw new ArgumentOutOfRangeException(nameof(priority), priority, "not a priority"),
        };
        var zero = 0;
        if (Libc.SetScheduler(0, policy, &zero) != 0)
            throw new DeviceException($"a thread cannot get the priority {priority}: {Marshal.GetLastPInvokeErrorMessage()}");
        return true;
    }
}
