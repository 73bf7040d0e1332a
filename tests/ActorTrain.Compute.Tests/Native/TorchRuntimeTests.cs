using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using ActorTrain.Compute.Native;
using ActorTrain.Core.Settings;
using TorchSharp;

namespace ActorTrain.Compute.Tests.Native;

public sealed class TorchRuntimeTests
{
    [Fact]
    public void Loading_again_with_the_same_mode_gives_the_same_runtime()
    {
        TorchRuntimeInfo[] infos = new TorchRuntimeInfo[8];
        Parallel.For(0, infos.Length, i => infos[i] = TorchRuntime.Load(MklFastPath.Auto));
        Assert.All(infos, info => Assert.Same(TorchRuntime.Info, info));
    }

    [Fact]
    public void Loading_again_with_the_other_mode_is_an_error() =>
        Assert.Throws<InvalidOperationException>(() => TorchRuntime.Load(MklFastPath.Off));

    [Fact]
    public void The_runtime_tells_the_version_of_libtorch() =>
        Assert.StartsWith("2.10.0", TorchRuntime.Info.LibtorchVersion, StringComparison.Ordinal);

    [Fact]
    public void The_instruction_set_is_one_that_the_processor_has() =>
        Assert.Contains(TorchRuntime.Info.InstructionSet, (string[])
        [
            "default",
            .. Avx2.IsSupported ? ["avx2"] : Array.Empty<string>(),
            .. Avx512F.IsSupported ? ["avx512"] : Array.Empty<string>(),
            .. RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? ["neon"] : Array.Empty<string>(),
        ]);

    [Fact]
    public void Where_the_fast_path_is_on_MKL_does_not_take_its_slowest_code()
    {
        var on = !TorchRuntime.Info.MklReason.StartsWith("MKL decides by itself", StringComparison.Ordinal);
        Assert.True(!on || TorchRuntime.Info.MklPath != "mkl-0", TorchRuntime.Info.ToString());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(64)]
    [InlineData(500)]
    [InlineData(2048)]
    public void Products_are_as_exact_as_single_precision_allows(int k)
    {
        using var scope = torch.NewDisposeScope();
        var generator = new torch.Generator(17);
        var a_MK = torch.randn(63, k, generator: generator);
        var b_KN = torch.randn(k, 49, generator: generator);
        var exact_MN = a_MK.to(torch.float64).mm(b_KN.to(torch.float64));
        var error = a_MK.mm(b_KN).to(torch.float64).sub(exact_MN).abs().max().item<double>();
        Assert.InRange(error, 0, 1e-5 * Math.Sqrt(k));
    }
}
