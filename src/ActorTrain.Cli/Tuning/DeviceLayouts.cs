using System.Collections.Immutable;
using ActorTrain.Core.Devices;

namespace ActorTrain.Cli.Tuning;

/// <summary>Other ways to share the same cores out to devices.</summary>
internal static class DeviceLayouts
{
    /// <summary>Half as many devices of twice the cores, and twice as many of half the cores, where that is possible.</summary>
    /// <param name="devices">The devices.</param>
    /// <param name="most">The most devices that are of use.</param>
    public static IEnumerable<ImmutableArray<DeviceSpec>> Of(ImmutableArray<DeviceSpec> devices, int most)
    {
        if (devices.Any(d => d.Kind != DeviceKind.Cpu || d.Cores != devices[0].Cores))
            yield break;
        var sorted = devices.OrderBy(d => d.First).ToList();
        var pairs = sorted.Chunk(2).ToList();
        if (pairs.TrueForAll(pair => pair.Length == 2 && pair[0].Last + 1 == pair[1].First))
            yield return [.. pairs.Select(pair => new DeviceSpec(DeviceKind.Cpu, pair[0].First, pair[1].Last))];
        if (devices[0].Cores % 2 == 0 && devices.Length * 2 <= most)
            yield return [.. sorted.SelectMany(Halves)];
    }

    private static IEnumerable<DeviceSpec> Halves(DeviceSpec device)
    {
        var middle = device.First + device.Cores / 2;
        yield return device with { Last = middle - 1 };
        yield return device with { First = middle };
    }
}
