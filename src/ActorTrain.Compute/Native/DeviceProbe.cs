using System.Globalization;
using ActorTrain.Core.Devices;
using TorchSharp;

namespace ActorTrain.Compute.Native;

/// <summary>Finds out which devices there are, and checks those that a job names.</summary>
public static class DeviceProbe
{
    /// <summary>Checks that a device exists and that this process may use it.</summary>
    /// <param name="spec">The device.</param>
    /// <exception cref="DeviceException">It does not, or may not; the message says which devices there are.</exception>
    /// <exception cref="InvalidOperationException">Torch is not loaded: see <see cref="TorchRuntime.Load"/>.</exception>
    public static DeviceDescription Describe(DeviceSpec spec) =>
        spec.Kind == DeviceKind.Cpu ? DescribeCpu(spec) : DescribeCuda(spec);

    /// <summary>
    /// The devices of <c>devices = auto</c>: all CUDA devices, or where there are none the cores that this process may
    /// use. Up to eight cores make a device each; more make at most eight devices of equally many neighbouring cores, of
    /// the size that leaves the fewest cores unused.
    /// </summary>
    /// <exception cref="InvalidOperationException">Torch is not loaded: see <see cref="TorchRuntime.Load"/>.</exception>
    public static IReadOnlyList<DeviceSpec> Auto() => CudaCount() is > 0 and var count
        ? [.. Enumerable.Range(0, count).Select(i => new DeviceSpec(DeviceKind.Cuda, i, i))]
        : CoreList.Cut(CpuAffinity.AllowedCores());

    /// <summary>The devices of some names, all of which exist and may be used by this process.</summary>
    /// <param name="names">Such as <c>cpu:0-3</c>.</param>
    /// <exception cref="DeviceException">One is not a device's name, does not exist, or may not be used.</exception>
    public static IReadOnlyList<DeviceSpec> Find(IEnumerable<string> names)
    {
        var devices = names.Select(Parse).ToList();
        devices.ForEach(device => Describe(device));
        return devices;
    }

    private static DeviceSpec Parse(string name) =>
        DeviceSpec.TryParse(name, out var device) ? device : throw new DeviceException($"'{name}' is not a device's name");

    private static DeviceDescription DescribeCpu(DeviceSpec spec)
    {
        var missing = Enumerable.Range(spec.First, spec.Cores).Except(CpuAffinity.AllowedCores()).ToList();
        if (missing.Count > 0)
            throw new DeviceException($"device {spec}: this process cannot use core {CoreList.Format(missing)}; {Available()}");
        var (total, free) = ProcessMemory();
        return new DeviceDescription(spec, torch.CPU, TorchRuntime.Info.InstructionSet, total, free);
    }

    /// <summary>What .NET may use at most (a container's limit counts), and what of that the machine has to give.</summary>
    private static (long Total, long Free) ProcessMemory()
    {
        var memory = GC.GetGCMemoryInfo();
        var total = memory.TotalAvailableMemoryBytes;
        if (!OperatingSystem.IsLinux())
            return (total, Math.Max(0, total - memory.MemoryLoadBytes));
        var available = File.ReadLines("/proc/meminfo").First(line => line.StartsWith("MemAvailable:", StringComparison.Ordinal));
        var kibibytes = long.Parse(available.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
        return (total, Math.Min(total, kibibytes * 1024));
    }

    private static DeviceDescription DescribeCuda(DeviceSpec spec)
    {
        if (spec.First >= CudaCount())
            throw new DeviceException($"device {spec} does not exist for torch; {Available()}");
        var (architecture, total, free) = CudaDriver.Describe(spec.First);
        return new DeviceDescription(spec, new torch.Device(DeviceType.CUDA, spec.First), architecture, total, free);
    }

    /// <summary>CUDA devices that this build of torch can use; loads torch's CUDA part where it has one.</summary>
    private static int CudaCount()
    {
        _ = TorchRuntime.Info;
        return torch.cuda.is_available() ? torch.cuda.device_count() : 0;
    }

    private static string Available()
    {
        var cores = $"there are the cores {CoreList.Format(CpuAffinity.AllowedCores())}";
        return CudaCount() switch
        {
            0 => $"{cores}, and no CUDA devices (torch sees them only in a program that was built with -p:Torch=cuda)",
            1 => $"{cores}, and cuda:0",
            var count => $"{cores}, and cuda:0 to cuda:{count - 1}",
        };
    }
}
