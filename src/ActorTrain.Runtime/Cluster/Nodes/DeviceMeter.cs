using System.Diagnostics;
using ActorTrain.Compute.Devices;
using ActorTrain.Core.Schedules;
using ActorTrain.Runtime.Cluster.Protocol;

namespace ActorTrain.Runtime.Cluster.Nodes;

/// <summary>Adds up what a device does until somebody takes it.</summary>
internal sealed class DeviceMeter
{
    private static readonly int Kinds = Enum.GetValues<ActionKind>().Length;

    private readonly Lock _gate = new();
    private readonly Dictionary<int, (long[] Ticks, int[] Counts)> _chunks = [];
    private long _updating;

    /// <summary>Takes note of what the device did.</summary>
    public void Observe(WorkTiming timing)
    {
        var ticks = timing.End - timing.Start;
        lock (_gate)
        {
            if (timing.Action is { } action)
            {
                var (sums, counts) = Of(action.Chunk);
                sums[(int)action.Kind] += ticks;
                counts[(int)action.Kind]++;
            }
            else if (timing.IsUpdate)
            {
                _updating += ticks;
            }
        }
    }

    /// <summary>What was done for a chunk since the last call, with all norms and updates of the device.</summary>
    public WorkDone Take(int chunk)
    {
        lock (_gate)
        {
            var (ticks, counts) = Of(chunk);
            var done = new WorkDone([.. ticks.Select(Seconds)], [.. counts], Seconds(_updating));
            _chunks.Remove(chunk);
            _updating = 0;
            return done;
        }
    }

    private (long[] Ticks, int[] Counts) Of(int chunk)
    {
        if (!_chunks.TryGetValue(chunk, out var sums))
            _chunks[chunk] = sums = (new long[Kinds], new int[Kinds]);
        return sums;
    }

    private static double Seconds(long ticks) => (double)ticks / Stopwatch.Frequency;
}
