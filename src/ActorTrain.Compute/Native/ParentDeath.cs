using System.Runtime.InteropServices;

namespace ActorTrain.Compute.Native;

/// <summary>Ties a process's life to its parent's.</summary>
public static class ParentDeath
{
    /// <summary>
    /// Has the kernel kill this process when its parent dies, also when it is stopped or hangs (prctl(2),
    /// PR_SET_PDEATHSIG). The wish is the calling thread's: it holds for as long as that thread lives. And the kernel takes
    /// the end of the parent's <i>thread</i> that started this process for the parent's death.
    /// </summary>
    /// <returns>False where there is nothing like it (not Linux).</returns>
    /// <exception cref="DeviceException">The system refuses.</exception>
    public static bool EndsThisProcess()
    {
        if (!OperatingSystem.IsLinux())
            return false;
        if (Libc.Control(Libc.SetParentDeathSignal, Libc.Kill) != 0)
            throw new DeviceException($"this process cannot be tied to its parent: {Marshal.GetLastPInvokeErrorMessage()}");
        return true;
    }
}
