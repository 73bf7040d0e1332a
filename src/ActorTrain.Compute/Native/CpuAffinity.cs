using System.Runtime.InteropServices;

namespace ActorTrain.Compute.Native;

/// <summary>Which processor cores threads run on.</summary>
public static unsafe class CpuAffinity
{
    // Linux supports 8192 processors at most; a mask that is too short for the machine is an error.
    private const int Words = 8192 / 64;
    private const nuint Bytes = Words * sizeof(ulong);

    /// <summary>
    /// The cores that this process may run on, in ascending order: on Linux those of its main thread, which must not have
    /// been pinned; elsewhere all.
    /// </summary>
    public static IReadOnlyList<int> AllowedCores() =>
        OperatingSystem.IsLinux() ? Cores(Environment.ProcessId) : [.. Enumerable.Range(0, Environment.ProcessorCount)];

    /// <summary>The cores that the calling thread may run on, in ascending order.</summary>
    public static IReadOnlyList<int> CurrentThreadCores() => OperatingSystem.IsLinux() ? Cores(0) : AllowedCores();

    /// <summary>
    /// Lets the calling thread, and the threads that it starts, run on some cores only. For threads of one's own: a
    /// thread of the pool stays pinned when it goes back.
    /// </summary>
    /// <param name="cores">The cores; at least one.</param>
    /// <returns>False where threads cannot be pinned (not Linux), and nothing was done.</returns>
    /// <exception cref="DeviceException">A core does not exist, or this process may not use it.</exception>
    public static bool PinCurrentThread(IReadOnlyCollection<int> cores)
    {
        var allowed = AllowedCores();
        var refused = cores.Except(allowed).ToList();
        if (cores.Count == 0 || refused.Count > 0)
            throw new DeviceException(cores.Count == 0
                ? "no cores to pin a thread to"
                : $"a thread cannot be pinned to core {string.Join(", ", refused)}; this process may use {CoreList.Format(allowed)}");
        if (!OperatingSystem.IsLinux())
            return false;

        var mask = stackalloc ulong[Words];
        new Span<ulong>(mask, Words).Clear();
        foreach (var core in cores)
            mask[core / 64] |= 1UL << (core % 64);
        if (Libc.SetAffinity(0, Bytes, mask) != 0)
            throw new DeviceException($"a thread cannot be pinned to {CoreList.Format(cores)}: {Marshal.GetLastPInvokeErrorMessage()}");
        return true;
    }

    private static List<int> Cores(int thread)
    {
        var mask = stackalloc ulong[Words];
        new Span<ulong>(mask, Words).Clear();
        // The result counts the bytes that the kernel wrote; only -1 is an error.
        if (Libc.GetAffinity(thread, Bytes, mask) < 0)
            throw new DeviceException($"the cores of this process cannot be read: {Marshal.GetLastPInvokeErrorMessage()}");
        var cores = new List<int>();
        for (var core = 0; core < Words * 64; core++)
            if ((mask[core / 64] >> (core % 64) & 1) != 0)
                cores.Add(core);
        return cores;
    }
}
