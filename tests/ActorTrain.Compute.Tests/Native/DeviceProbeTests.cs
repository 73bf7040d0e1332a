using ActorTrain.Compute.Native;
using ActorTrain.Core.Devices;
using TorchSharp;

namespace ActorTrain.Compute.Tests.Native;

public sealed class DeviceProbeTests
{
    private static readonly int FirstCore = CpuAffinity.AllowedCores()[0];

    [Fact]
    public void A_cores_description_tells_its_memory_and_torch_device()
    {
        var device = DeviceProbe.Describe(new DeviceSpec(DeviceKind.Cpu, FirstCore, FirstCore));
        Assert.Equal(DeviceType.CPU, device.Device.type);
        Assert.Equal(TorchRuntime.Info.InstructionSet, device.InstructionSet);
        Assert.InRange(device.FreeBytes, 1, device.MemoryBytes);
    }

    [Fact]
    public void A_core_that_does_not_exist_is_refused_and_the_devices_there_are_named()
    {
        var error = Assert.Throws<DeviceException>(() => DeviceProbe.Describe(new DeviceSpec(DeviceKind.Cpu, FirstCore, 9000)));
        Assert.Contains($"cpu:{FirstCore}-9000", error.Message, StringComparison.Ordinal);
        Assert.Contains($"there are the cores {CoreList.Format(CpuAffinity.AllowedCores())}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_CUDA_device_that_does_not_exist_is_refused_and_the_devices_there_are_named()
    {
        var error = Assert.Throws<DeviceException>(() => DeviceProbe.Describe(new DeviceSpec(DeviceKind.Cuda, 99, 99)));
        Assert.Contains("cuda:99 does not exist", error.Message, StringComparison.Ordinal);
        Assert.Contains("there are the cores", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_automatic_device_can_be_described() =>
        Assert.All(DeviceProbe.Auto(), spec => Assert.Equal(spec, DeviceProbe.Describe(spec).Spec));

    [Fact]
    public void The_numerics_class_of_a_core_names_what_changes_its_bits()
    {
        var numerics = NumericsClass.Of(DeviceProbe.Describe(new DeviceSpec(DeviceKind.Cpu, FirstCore, FirstCore)));
        Assert.Equal(
            $"cpu isa={TorchRuntime.Info.InstructionSet} libtorch={TorchRuntime.Info.LibtorchVersion} mkl={TorchRuntime.Info.MklPath} threads=1",
            numerics.ToString());
    }
}
