using System.Runtime.InteropServices;

namespace ActorTrain.Compute.Native;

/// <summary>The calls of Linux that .NET has no API for.</summary>
internal static unsafe partial class Libc
{
    public const uint CloseOnExec = 1; // MFD_CLOEXEC
    public const int Now = 2; // RTLD_NOW
    public const int Global = 0x100; // RTLD_GLOBAL
    public const int SchedulingOther = 0; // SCHED_OTHER
    public const int SchedulingIdle = 5; // SCHED_IDLE

    [LibraryImport("libc", EntryPoint = "memfd_create", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int CreateMemoryFile(string name, uint flags);

    public const int SetParentDeathSignal = 1; // PR_SET_PDEATHSIG
    public const int Kill = 9; // SIGKILL

    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    public static partial int Control(int option, nuint argument);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(int file, byte* bytes, nuint count);

    [LibraryImport("libc", EntryPoint = "dlopen", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint OpenLibrary(string path, int flags);

    [LibraryImport("libc", EntryPoint = "dlerror")]
    public static partial nint LibraryError();

    /// <summary>Thread 0 is the calling one; a process's id stands for its main thread.</summary>
    [LibraryImport("libc", EntryPoint = "sched_getaffinity", SetLastError = true)]
    public static partial int GetAffinity(int thread, nuint bytes, ulong* mask);

    [LibraryImport("libc", EntryPoint = "sched_setaffinity", SetLastError = true)]
    public static partial int SetAffinity(int thread, nuint bytes, ulong* mask);

    /// <summary><paramref name="priority"/> points to a sched_param, whose only field is an int.</summary>
    [LibraryImport("libc", EntryPoint = "sched_setscheduler", SetLastError = true)]
    public static partial int SetScheduler(int thread, int policy, int* priority);

    [LibraryImport("libc", EntryPoint = "sched_getscheduler", SetLastError = true)]
    public static partial int GetScheduler(int thread);
}
