using System.Runtime.InteropServices;
using ActorTrain.Compute.Training;

namespace ActorTrain.Compute.Native;

/// <summary>The memory that native code, and so torch on the CPU, holds.</summary>
public static partial class NativeHeap
{
    /// <summary>
    /// Bytes allocated by malloc and not freed, in all arenas (mallinfo2(3)); where the C library does not say, what the
    /// process has resident, which follows more coarsely.
    /// </summary>
    public static long BytesInUse
    {
        get
        {
            try
            {
                var info = Ask();
                return (long)(info.BytesInUse + info.MappedBytes);
            }
            catch (Exception e) when (e is EntryPointNotFoundException or DllNotFoundException)
            {
                return ProcessMemory.ResidentBytes;
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "mallinfo2")]
    private static partial MallocInfo Ask();

    // struct mallinfo2 of glibc 2.33 and later.
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct MallocInfo
    {
        public readonly nuint Arena;
        public readonly nuint FreeChunks;
        public readonly nuint FreeFastChunks;
        public readonly nuint MappedRegions;
        public readonly nuint MappedBytes;
        public readonly nuint Unused;
        public readonly nuint FreeFastBytes;
        public readonly nuint BytesInUse;
        public readonly nuint FreeBytes;
        public readonly nuint ReleasableBytes;
    }
}
