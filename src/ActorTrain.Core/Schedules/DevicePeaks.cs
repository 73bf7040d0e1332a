using System.Collections.Immutable;

namespace ActorTrain.Core.Schedules;

/// <summary>
/// How many micro-batches a device holds at the moments at which it may hold most. It runs its list in order, so these
/// follow from the list alone; which of the moments takes most memory depends on the chunks' sizes.
/// </summary>
public sealed class DevicePeaks
{
    private DevicePeaks(ImmutableArray<int> chunks, ImmutableArray<bool> splits, ImmutableArray<bool> wholes, ImmutableArray<ImmutableArray<HeldMicroBatches>> moments)
    {
        Chunks = chunks;
        Splits = splits;
        Wholes = wholes;
        Moments = moments;
    }

    /// <summary>The device's chunks, in pipeline order.</summary>
    public ImmutableArray<int> Chunks { get; }

    /// <summary>For each of the chunks whether it runs a backward pass as B and W.</summary>
    public ImmutableArray<bool> Splits { get; }

    /// <summary>For each of the chunks whether it runs a backward pass as BW.</summary>
    public ImmutableArray<bool> Wholes { get; }

    /// <summary>For each moment what each of the chunks holds; no moment holds at most what another holds.</summary>
    public ImmutableArray<ImmutableArray<HeldMicroBatches>> Moments { get; }

    /// <summary>The peaks of a device. Where there are no lists all chunks may use up their credits at once.</summary>
    /// <param name="schedule">A valid schedule.</param>
    /// <param name="device">The device's index.</param>
    public static DevicePeaks Of(Schedule schedule, int device)
    {
        ImmutableArray<int> chunks = [.. schedule.ChunksOf(device)];
        if (schedule.Actions is not { } lists)
            return new(
                chunks,
                [.. chunks.Select(_ => false)],
                [.. chunks.Select(_ => true)],
                [[.. chunks.Select(chunk => new HeldMicroBatches(schedule.Credits[chunk], 0))]]);

        var (splits, wholes) = (new bool[chunks.Length], new bool[chunks.Length]);
        var held = new HeldMicroBatches[chunks.Length];
        var moments = new List<ImmutableArray<HeldMicroBatches>>();
        foreach (var (kind, chunk, _) in lists[device])
        {
            var place = chunks.IndexOf(chunk);
            var (forward, deferred) = held[place];
            held[place] = kind switch
            {
                ActionKind.Forward => new(forward + 1, deferred),
                ActionKind.Backward => new(forward - 1, deferred),
                ActionKind.InputGradient => new(forward - 1, deferred + 1),
                ActionKind.WeightGradient => new(forward, deferred - 1),
                _ => held[place],
            };
            splits[place] |= kind == ActionKind.InputGradient;
            wholes[place] |= kind == ActionKind.Backward;
            if (kind is ActionKind.Forward or ActionKind.InputGradient && !moments.Exists(moment => IsWithin(held, moment.AsSpan())))
            {
                moments.RemoveAll(moment => IsWithin(moment.AsSpan(), held));
                moments.Add([.. held]);
            }
        }

        return new(chunks, [.. splits], [.. wholes], [.. moments]);
    }

    private static bool IsWithin(ReadOnlySpan<HeldMicroBatches> less, ReadOnlySpan<HeldMicroBatches> more)
    {
        for (var i = 0; i < less.Length; i++)
            if (less[i].Forwarded > more[i].Forwarded || less[i].Deferred > more[i].Deferred)
                return false;
        return true;
    }
}

/// <summary>What a chunk holds at one moment.</summary>
/// <param name="Forwarded">Micro-batches between F and the end of their B or BW.</param>
/// <param name="Deferred">Micro-batches between B and W.</param>
public readonly record struct HeldMicroBatches(int Forwarded, int Deferred);
