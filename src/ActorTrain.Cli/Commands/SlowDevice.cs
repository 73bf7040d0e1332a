using System.Globalization;

namespace ActorTrain.Cli.Commands;

/// <summary>A device that takes longer than others.</summary>
/// <param name="Device">Its index.</param>
/// <param name="Factor">How many times as long its actions take.</param>
internal readonly record struct SlowDevice(int Device, double Factor)
{
    /// <summary>Reads <c>3:1.5</c>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="devices">Devices that there are.</param>
    /// <param name="slow">What it says.</param>
    /// <returns>Whether it is right.</returns>
    public static bool TryParse(string text, int devices, out SlowDevice slow)
    {
        slow = default;
        if (text.Split(':') is not [var device, var factor]
            || !int.TryParse(device, NumberStyles.None, CultureInfo.InvariantCulture, out var index) || index >= devices
            || !double.TryParse(factor, NumberStyles.Float, CultureInfo.InvariantCulture, out var times) || !double.IsFinite(times) || times <= 0)
            return false;
        slow = new SlowDevice(index, times);
        return true;
    }
}
