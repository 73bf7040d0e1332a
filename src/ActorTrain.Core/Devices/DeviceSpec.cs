using System.Globalization;
using System.Text.RegularExpressions;

namespace ActorTrain.Core.Devices;

/// <summary>A device's name: <c>cpu:A</c>, <c>cpu:A-B</c> (a set of cores) or <c>cuda:N</c>.</summary>
/// <param name="Kind">What it computes with.</param>
/// <param name="First">The first core, or the CUDA index.</param>
/// <param name="Last">The last core; equals <paramref name="First"/> for CUDA.</param>
public readonly partial record struct DeviceSpec(DeviceKind Kind, int First, int Last)
{
    /// <summary>Cores of a CPU device, and so its torch threads; 1 for CUDA.</summary>
    public int Cores => Last - First + 1;

    /// <summary>Reads a device's name.</summary>
    /// <param name="text">Such as <c>cpu:0-3</c>.</param>
    /// <param name="device">The device.</param>
    /// <returns>False when the text is not a device's name; whether the device exists is not looked at.</returns>
    public static bool TryParse(string text, out DeviceSpec device)
    {
        device = default;
        var match = Pattern().Match(text);
        if (!match.Success || !int.TryParse(match.Groups["first"].ValueSpan, CultureInfo.InvariantCulture, out var first))
            return false;
        var last = first;
        if (match.Groups["last"] is { Success: true } l && !int.TryParse(l.ValueSpan, CultureInfo.InvariantCulture, out last))
            return false;
        var kind = match.Groups["kind"].ValueSpan is "cpu" ? DeviceKind.Cpu : DeviceKind.Cuda;
        device = new DeviceSpec(kind, first, last);
        return last >= first && (kind == DeviceKind.Cpu || !match.Groups["last"].Success);
    }

    /// <inheritdoc/>
    public override string ToString() => (Kind, First == Last) switch
    {
        (DeviceKind.Cuda, _) => string.Create(CultureInfo.InvariantCulture, $"cuda:{First}"),
        (_, true) => string.Create(CultureInfo.InvariantCulture, $"cpu:{First}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"cpu:{First}-{Last}"),
    };

    [GeneratedRegex(@"^(?<kind>cpu|cuda):(?<first>\d{1,5})(-(?<last>\d{1,5}))?$")]
    private static partial Regex Pattern();
}
