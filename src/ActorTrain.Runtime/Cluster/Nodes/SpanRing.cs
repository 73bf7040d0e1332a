using System.Diagnostics;
using ActorTrain.Compute.Devices;
using ActorTrain.Core.Schedules;
using ActorTrain.Runtime.Cluster.Protocol;

namespace ActorTrain.Runtime.Cluster.Nodes;

/// <summary>
/// What a device did in its last steps. The device's thread writes, into memory that is there before; what is read is
/// small and rare, so that one lock does.
/// </summary>
internal sealed class SpanRing
{
    // Those that are asked for are a step old, so at least two have to fit; layers that are run again come on top.
    private const int Steps = 4;
    private const int MostSpans = 1 << 15;
    private const int MostTold = 1 << 12;

    private readonly Lock _gate = new();
    private readonly Span[] _spans;
    private readonly long[] _stepOfChunk;
    private readonly long _epoch = EpochTicks();
    private int _lastChunk;
    private long _count;

    /// <summary>Allocates the ring.</summary>
    /// <param name="schedule">The schedule that the device follows.</param>
    /// <param name="device">The device's place in it.</param>
    /// <param name="done">The step that the run goes on after.</param>
    public SpanRing(Schedule schedule, int device, long done)
    {
        var actionsOfStep = schedule.Shape.ChunksPerDevice * (Enum.GetValues<ActionKind>().Length * schedule.Shape.MicroBatches + 2);
        _spans = new Span[Math.Min(MostSpans, Steps * actionsOfStep)];
        _stepOfChunk = [.. Enumerable.Repeat(done, schedule.Shape.Chunks)];
        _lastChunk = schedule.ChunksOf(device).First();
    }

    /// <summary>Takes note of what the device did. Called on the device's thread.</summary>
    public void Add(WorkTiming timing)
    {
        if (timing.Action is null && !timing.IsUpdate)
            return;
        lock (_gate)
        {
            _lastChunk = timing.Action?.Chunk ?? _lastChunk;

            // In every schedule a chunk's first forward pass of a step is micro-batch 0's.
            if (timing.Action is { Kind: ActionKind.Forward, MicroBatch: 0 })
                _stepOfChunk[_lastChunk]++;
            _spans[_count++ % _spans.Length] = new Span(timing.Action, _lastChunk, _stepOfChunk[_lastChunk], timing.Start, timing.End);
        }
    }

    /// <summary>What was done for a chunk in a step, oldest first; empty once it is overwritten.</summary>
    public IReadOnlyList<TracedSpan> Of(int chunk, long step)
    {
        lock (_gate)
        {
            var first = Math.Max(0, _count - _spans.Length);
            return [.. Enumerable.Range(0, (int)(_count - first))
                .Select(i => _spans[(first + i) % _spans.Length])
                .Where(span => span.Chunk == chunk && span.Step == step)
                .Take(MostTold)
                .Select(Told)];
        }
    }

    private TracedSpan Told(Span span) => new(
        span.Action is { } action ? (int)action.Kind : -1,
        span.Chunk,
        span.Action?.MicroBatch ?? -1,
        Microseconds(span.Start),
        Microseconds(span.End));

    private long Microseconds(long ticks) => (long)((_epoch + ticks) * 1e6 / Stopwatch.Frequency);

    // What turns the stopwatch's ticks into the time since 1970, which other processes share.
    private static long EpochTicks()
    {
        var since = DateTime.UtcNow - DateTime.UnixEpoch;
        return (long)(since.TotalSeconds * Stopwatch.Frequency) - Stopwatch.GetTimestamp();
    }

    private readonly record struct Span(PipelineAction? Action, int Chunk, long Step, long Start, long End);
}
