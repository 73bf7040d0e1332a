using ActorTrain.Compute.Native;
using ActorTrain.Core.Devices;
using CsCheck;

namespace ActorTrain.Compute.Tests.Native;

public sealed class NumericsClassTests
{
    private static readonly Gen<string> Word = Gen.String[Gen.Char["abcxyz0189._-="], 1, 12];

    private static readonly Gen<NumericsClass> Classes = Gen.Select(
        Gen.Enum<DeviceKind>(), Word, Word, Word, Gen.Int[1, 1024],
        (kind, isa, libtorch, mkl, threads) => new NumericsClass(kind, isa, libtorch, mkl, threads));

    [Fact]
    public void The_text_form_reads_back_as_the_same_class() =>
        Classes.Sample(numerics => Assert.Equal(numerics, NumericsClass.Parse(numerics.ToString())));

    [Fact]
    public void The_text_form_is_stable() => Assert.Equal(
        "cpu isa=avx512 libtorch=2.10.0.0 mkl=mkl-7 threads=2",
        new NumericsClass(DeviceKind.Cpu, "avx512", "2.10.0.0", "mkl-7", 2).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("tpu isa=v4 libtorch=2.10.0 mkl=none threads=1")]
    [InlineData("cpu isa=avx512 libtorch=2.10.0 mkl=none")]
    [InlineData("cpu isa=avx512 libtorch=2.10.0 mkl=none threads=0")]
    [InlineData("cpu isa=avx512 libtorch=2.10.0 mkl=none threads=99999999999")]
    [InlineData("cpu isa=avx512 libtorch=2.10.0 mkl=none threads=1\n")]
    public void A_text_of_another_form_is_refused(string text) =>
        Assert.Throws<FormatException>(() => NumericsClass.Parse(text));

    [Fact]
    public void A_part_with_white_space_is_refused() =>
        Assert.Throws<ArgumentException>(() => new NumericsClass(DeviceKind.Cuda, "NVIDIA H100", "2.10.0", "none", 1));
}
