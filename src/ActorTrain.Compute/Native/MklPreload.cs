using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using ActorTrain.Core.Settings;

namespace ActorTrain.Compute.Native;

/// <summary>
/// Leads MKL to its fast code on AMD processors, by a library of one function that is loaded ahead of torch (see
/// <c>mkl/intel_cpu_true.c</c>). The library is inside this assembly and is loaded from memory, so that it is there
/// wherever the assembly is: in builds, tests, plug-ins and single-file programs.
/// </summary>
internal static class MklPreload
{
    private const string Resource = "intel_cpu_true.so";

    /// <summary>Does what the mode asks for, before torch is loaded.</summary>
    /// <returns>Why MKL takes the code that it takes, for people.</returns>
    /// <exception cref="InvalidOperationException">It is wanted here, but torch is loaded already.</exception>
    /// <exception cref="TorchUnavailableException">The library cannot be loaded.</exception>
    public static string Apply(MklFastPath mode)
    {
        if (mode == MklFastPath.Off)
            return "MKL decides by itself: the fast path is off";
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64)
            return "MKL decides by itself: the fast path is for Linux x64";
        var vendor = Vendor();
        if (vendor != "AuthenticAMD")
            return $"MKL decides by itself: the processor is {vendor}, not AuthenticAMD";
        if (!Avx2.IsSupported)
            return "MKL decides by itself: the processor has no AVX2";

        if (File.ReadLines("/proc/self/maps").Any(line => line.EndsWith("/libtorch_cpu.so", StringComparison.Ordinal)))
            throw new InvalidOperationException("torch was used before TorchRuntime.Load, so MKL has chosen its code already: call Load first");
        LoadFromMemory();
        return "an AMD processor with AVX2: MKL is led to the code for Intel's processors";
    }

    /// <summary>The vendor that CPUID leaf 0 names, in EBX, EDX, ECX.</summary>
    private static string Vendor()
    {
        var (_, ebx, ecx, edx) = X86Base.CpuId(0, 0);
        return System.Text.Encoding.ASCII.GetString(MemoryMarshal.AsBytes<int>([ebx, edx, ecx]));
    }

    private static unsafe void LoadFromMemory()
    {
        using var resource = typeof(MklPreload).Assembly.GetManifestResourceStream(Resource)!;
        var image = new byte[resource.Length];
        resource.ReadExactly(image);

        // Never closed: the loader knows libraries by their path, and would take the next file that gets this number for ours.
        var file = Libc.CreateMemoryFile(Resource, Libc.CloseOnExec);
        if (file < 0)
            throw Failure($"memfd_create: {Marshal.GetLastPInvokeErrorMessage()}");
        fixed (byte* start = image)
        {
            if (Libc.Write(file, start, (nuint)image.Length) != image.Length)
                throw Failure($"write: {Marshal.GetLastPInvokeErrorMessage()}");
        }

        if (Libc.OpenLibrary($"/proc/self/fd/{file}", Libc.Now | Libc.Global) == 0)
            throw Failure(Marshal.PtrToStringUTF8(Libc.LibraryError()) ?? "dlopen failed");
    }

    private static TorchUnavailableException Failure(string reason) =>
        new($"MKL's fast path cannot be turned on: {reason}. Load torch with the fast path off; it computes the same, only slower.");
}
