using System.Diagnostics;
using System.Globalization;

namespace ActorTrain.Runtime.Cluster.Jobs;

/// <summary>Times the parts of a recovery, from the failure's report to the first step that is new.</summary>
internal sealed class RecoveryClock
{
    private readonly List<(string Part, TimeSpan Took)> _parts = [];
    private readonly long _begun = Stopwatch.GetTimestamp();
    private long _last = Stopwatch.GetTimestamp();

    /// <summary>A part is over.</summary>
    public void Mark(string part)
    {
        var now = Stopwatch.GetTimestamp();
        _parts.Add((part, Stopwatch.GetElapsedTime(_last, now)));
        _last = now;
    }

    /// <summary>The whole and its parts, such as <c>0.9 s (fence 0.1, plan 0.0, restore 0.6, replay 0.2)</c>.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Stopwatch.GetElapsedTime(_begun, _last).TotalSeconds:F2} s ({string.Join(", ", _parts.Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.Part} {p.Took.TotalSeconds:F2}")))})");
}
