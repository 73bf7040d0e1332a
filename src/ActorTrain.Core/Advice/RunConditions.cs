using ActorTrain.Core.Plans;
using ActorTrain.Core.Tracing;

namespace ActorTrain.Core.Advice;

/// <summary>What a run was like, beyond the times that a profile has.</summary>
public sealed record RunConditions
{
    // Beyond that the machine was not fit to be measured, and a simulation would be of nothing but luck.
    private const double MostSpread = 1;

    /// <summary>What an action waited, as a rule, though its device was free and its input there.</summary>
    public double HandOffSeconds { get; init; }

    /// <summary>The share of the devices' time in such waits, the long ones included.</summary>
    public double HandOffShare { get; init; }

    /// <summary>The share that such waits would have if none were longer than the median.</summary>
    public double HandOffShareAtMedian { get; init; }

    /// <summary>Whether devices' threads ran only where nothing else wanted the core.</summary>
    public bool HasIdleThreads { get; init; }

    /// <summary>The spread of actions' times around their medians: that of a log-normal factor.</summary>
    public double Spread { get; init; }

    /// <summary>The share of the devices' time in copies of the run's state.</summary>
    public double SnapshotShare { get; init; }

    /// <summary>Steps from one such copy to the next; null where the job does not fix them.</summary>
    public int? SnapshotEvery { get; init; }

    /// <summary>Whether the run was on several nodes.</summary>
    public bool IsCluster { get; init; }

    /// <summary>Reads them from a trace.</summary>
    /// <param name="trace">The trace.</param>
    /// <exception cref="TraceException">No step of it is complete.</exception>
    public static RunConditions Of(Trace trace)
    {
        var window = new TraceWindow(trace);
        var (waits, snapshots) = (new List<double>(), 0.0);
        for (var device = 0; device < trace.Devices.Length; device++)
        {
            var free = window.Start;
            foreach (var slice in window.Slices.Where(s => s.Device == device && !s.IsNested && s.Start < window.End))
            {
                if (slice.Action is not null)
                    waits.Add(Math.Max(0, slice.Start - Math.Max(free, slice.Ready)));
                else if (slice.Name == TraceSlice.Snapshot)
                    snapshots += Math.Min(window.End, slice.End) - slice.Start;
                free = Math.Max(free, slice.End);
            }
        }

        var time = window.Seconds * trace.Devices.Length;
        var median = TimeSpread.Of(waits).Median;
        return new RunConditions
        {
            HandOffSeconds = median,
            HandOffShare = waits.Sum() / time,
            HandOffShareAtMedian = Math.Min(waits.Sum(), median * waits.Count) / time,
            Spread = SpreadOf(window),
            SnapshotShare = snapshots / time,
            IsCluster = trace.Devices.Select(d => d.Node).Distinct().Count() > 1,
        };
    }

    /// <summary>From the quartiles, so that one stalled action does not count as spread of all.</summary>
    private static double SpreadOf(TraceWindow window)
    {
        // The quartiles of a normal distribution are 1.349 standard deviations apart.
        const double Quartiles = 1.349;
        var logs = window.Slices.Where(s => s is { Action: not null, Seconds: > 0 })
            .GroupBy(s => (s.Action!.Value.Chunk, s.Action!.Value.Kind))
            .SelectMany(kind => TimeSpread.Of(kind.Select(s => s.Seconds)).Median is var median
                ? kind.Select(s => Math.Log(s.Seconds / median))
                : []).ToList();
        if (logs.Count == 0)
            return 0;
        var spread = TimeSpread.Of(logs);
        return Math.Min(MostSpread, (spread.High - spread.Low) / Quartiles);
    }
}
