using System.Collections.Immutable;
using ActorTrain.Core.Devices;

namespace ActorTrain.Core.Settings;

/// <summary>Reads and checks the key <c>devices</c>, which a job's pipeline and a node have.</summary>
internal static class DevicesReader
{
    private const string Key = "devices";

    /// <summary>Reads the key.</summary>
    /// <param name="section">The section that holds it.</param>
    /// <returns>The devices' names in order; null for <c>auto</c>.</returns>
    /// <exception cref="SettingsException">A name is no device, or two devices share cores.</exception>
    public static ImmutableArray<string>? Read(SettingsReader section)
    {
        if (section.IsAuto(Key))
            return null;
        var devices = new List<DeviceSpec>();
        foreach (var name in section.Texts(Key))
        {
            if (!DeviceSpec.TryParse(name, out var device))
                throw section.Error(Key, $"'{name}' is not a device; cpu:0 (one core), cpu:0-3 (a range of cores) and cuda:0 are right");
            var taken = devices.Where(d => d.Kind == device.Kind && d.First <= device.Last && device.First <= d.Last).ToList();
            if (taken is [var other, ..])
                throw section.Error(Key, other == device ? $"'{name}' stands twice" : $"'{name}' shares cores with '{other}'");
            devices.Add(device);
        }

        return devices.Count > 0
            ? [.. devices.Select(d => d.ToString())]
            : throw section.Error(Key, "the list is empty; auto, or at least one device, is right");
    }
}
