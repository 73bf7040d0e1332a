using ActorTrain.Core.Devices;

namespace ActorTrain.Compute.Native;

/// <summary>Sets of processor cores.</summary>
internal static class CoreList
{
    private const int MostDevices = 8;

    // A device has several cores only where there are enough of them for a pipeline of some length.
    private const int FewestDevicesOfSeveralCores = 5;

    /// <summary>A short text, such as <c>0-3, 8</c>.</summary>
    /// <param name="cores">Any cores.</param>
    public static string Format(IEnumerable<int> cores) =>
        string.Join(", ", Runs(cores).Select(run => run.First == run.Last ? $"{run.First}" : $"{run.First}-{run.Last}"));

    /// <summary>
    /// Cuts cores into devices of equally many neighbouring cores. Up to eight cores make a device each; more make at
    /// most eight devices, of the size that leaves the fewest cores unused, and of the smallest such size.
    /// </summary>
    /// <param name="cores">The cores that may be used; at least one.</param>
    /// <returns>At least one device and at most eight, in ascending order.</returns>
    public static IReadOnlyList<DeviceSpec> Cut(IReadOnlyCollection<int> cores)
    {
        var runs = Runs(cores).ToList();
        return Enumerable.Range(1, Math.Max(1, cores.Count / FewestDevicesOfSeveralCores))
            .Select(size => CutInto(runs, size))
            .MaxBy(devices => devices.Sum(device => device.Cores))!;
    }

    private static List<DeviceSpec> CutInto(List<(int First, int Last)> runs, int size) =>
        [.. runs.SelectMany(run => Enumerable.Range(0, (run.Last - run.First + 1) / size)
                .Select(i => run.First + i * size)
                .Select(first => new DeviceSpec(DeviceKind.Cpu, first, first + size - 1)))
            .Take(MostDevices)];

    /// <summary>The runs of neighbouring cores, in ascending order.</summary>
    private static IEnumerable<(int First, int Last)> Runs(IEnumerable<int> cores) =>
        cores.Order().Select((core, i) => (core, start: core - i)).GroupBy(c => c.start, c => c.core)
            .Select(run => (run.First(), run.Last()));
}
