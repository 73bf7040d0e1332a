using System.Runtime.InteropServices;

namespace ActorTrain.Compute.Native;

/// <summary>What TorchSharp does not tell of CUDA devices, asked of NVIDIA's driver (CUDA Driver API).</summary>
internal static partial class CudaDriver
{
    private const string Library = "libcuda.so.1";
    private const int CapabilityMajor = 75; // CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR
    private const int CapabilityMinor = 76; // CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR

    /// <summary>Architecture (such as <c>sm_90</c>) and memory of a device, in bytes.</summary>
    /// <param name="index">The device's index, as torch counts: after <c>CUDA_VISIBLE_DEVICES</c>.</param>
    /// <exception cref="DeviceException">The driver refuses.</exception>
    public static (string Architecture, long Total, long Free) Describe(int index)
    {
        Check(Initialize(0), "cuInit");
        Check(GetDevice(out var device, index), "cuDeviceGet");
        Check(GetAttribute(out var major, CapabilityMajor, device), "cuDeviceGetAttribute");
        Check(GetAttribute(out var minor, CapabilityMinor, device), "cuDeviceGetAttribute");

        // Torch uses the device's primary context too, so this makes nothing that would not be made anyway.
        Check(RetainPrimaryContext(out var context, device), "cuDevicePrimaryCtxRetain");
        try
        {
            Check(PushContext(context), "cuCtxPushCurrent");
            var result = GetMemory(out var free, out var total);
            Check(PopContext(out _), "cuCtxPopCurrent");
            Check(result, "cuMemGetInfo");
            return ($"sm_{major}{minor}", (long)total, (long)free);
        }
        finally
        {
            _ = ReleasePrimaryContext(device);
        }
    }

    private static void Check(int result, string call)
    {
        if (result != 0)
            throw new DeviceException($"NVIDIA's driver refuses {call} with CUresult {result}; nvidia-smi may tell more");
    }

    [LibraryImport(Library, EntryPoint = "cuInit")]
    private static partial int Initialize(uint flags);

    [LibraryImport(Library, EntryPoint = "cuDeviceGet")]
    private static partial int GetDevice(out int device, int index);

    [LibraryImport(Library, EntryPoint = "cuDeviceGetAttribute")]
    private static partial int GetAttribute(out int value, int attribute, int device);

    [LibraryImport(Library, EntryPoint = "cuDevicePrimaryCtxRetain")]
    private static partial int RetainPrimaryContext(out nint context, int device);

    [LibraryImport(Library, EntryPoint = "cuDevicePrimaryCtxRelease_v2")]
    private static partial int ReleasePrimaryContext(int device);

    [LibraryImport(Library, EntryPoint = "cuCtxPushCurrent_v2")]
    private static partial int PushContext(nint context);

    [LibraryImport(Library, EntryPoint = "cuCtxPopCurrent_v2")]
    private static partial int PopContext(out nint context);

    [LibraryImport(Library, EntryPoint = "cuMemGetInfo_v2")]
    private static partial int GetMemory(out nuint free, out nuint total);
}
