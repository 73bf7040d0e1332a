using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using System.Text;

namespace ActorTrain.Compute.Native;

/// <summary>What the math libraries in libtorch dispatch to, asked of the libraries themselves where they tell.</summary>
internal static unsafe class CpuDispatch
{
    /// <summary>The instruction set of ATen's kernels; <c>ATEN_CPU_CAPABILITY</c> in the environment can lower it.</summary>
    /// <param name="library">The loaded LibTorchSharp; on Linux the loader looks for a name in what it depends on as well.</param>
    public static string InstructionSet(nint library)
    {
        // std::string at::get_cpu_capability(): the caller passes the place of the result ahead of all arguments, and
        // libstdc++'s string starts with a pointer to the characters and their number.
        if (OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64
            && NativeLibrary.TryGetExport(library, "_ZN2at18get_cpu_capabilityB5cxx11Ev", out var capability))
        {
            var text = stackalloc nint[4];
            ((delegate* unmanaged<nint*, nint*>)capability)(text);
            return Encoding.ASCII.GetString((byte*)text[0], (int)text[1]).ToLowerInvariant();
        }

        return (Avx512F.IsSupported && Avx512BW.IsSupported && Avx512DQ.IsSupported, Avx2.IsSupported && Fma.IsSupported, AdvSimd.IsSupported) switch
        {
            (true, _, _) => "avx512",
            (_, true, _) => "avx2",
            (_, _, true) => "neon",
            _ => "default",
        };
    }

    /// <summary>The code that MKL dispatches to, as in <see cref="TorchRuntimeInfo.MklPath"/>.</summary>
    /// <param name="library">The loaded LibTorchSharp.</param>
    public static string MklPath(nint library) =>
        NativeLibrary.TryGetExport(library, "mkl_serv_cpu_detect", out var detect)
            ? $"mkl-{((delegate* unmanaged<int>)detect)()}"
            : "none";
}
