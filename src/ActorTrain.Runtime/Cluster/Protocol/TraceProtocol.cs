using System.Diagnostics;
using ActorTrain.Core.Schedules;
using ActorTrain.Core.Tracing;
using MessagePack;

namespace ActorTrain.Runtime.Cluster.Protocol;

/// <summary>A part of what a device did in the steps that are traced.</summary>
/// <param name="Generation">The generation.</param>
/// <param name="Device">The device's place in the schedule.</param>
/// <param name="IsLast">Whether no part follows.</param>
/// <param name="Dropped">What the device had no room for; with the last part.</param>
/// <param name="Spans">What it did.</param>
[MessagePackObject]
internal sealed record DeviceTraced(
    [property: Key(0)] GenerationNumber Generation,
    [property: Key(1)] int Device,
    [property: Key(2)] bool IsLast,
    [property: Key(3)] long Dropped,
    [property: Key(4)] IReadOnlyList<RecordedSpan> Spans) : ISlotMessage
{
    // Some 60 bytes each, so that a part stays well below the largest frame of the control plane.
    private const int MostSpans = 500;

    /// <summary>Cuts what a device did into parts, of which there is at least one.</summary>
    /// <param name="generation">The generation.</param>
    /// <param name="device">The device's place in the schedule.</param>
    /// <param name="records">What it did.</param>
    /// <param name="dropped">What it had no room for.</param>
    public static IEnumerable<DeviceTraced> Parts(GenerationNumber generation, int device, IReadOnlyList<TraceRecord> records, long dropped)
    {
        for (var first = 0; first == 0 || first < records.Count; first += MostSpans)
        {
            var isLast = first + MostSpans >= records.Count;
            yield return new DeviceTraced(generation, device, isLast, isLast ? dropped : 0, [.. records.Skip(first).Take(MostSpans).Select(RecordedSpan.Of)]);
        }
    }
}

/// <summary>Something that a device did; see <see cref="TraceRecord"/>. Times are in seconds of the node's own clock.</summary>
/// <param name="Step">The step.</param>
/// <param name="Kind">The action's kind as a number; -1 for what is no scheduled action.</param>
/// <param name="Chunk">The action's chunk.</param>
/// <param name="MicroBatch">The action's micro-batch.</param>
/// <param name="Name">What it was where it was no scheduled action; empty otherwise.</param>
/// <param name="Ready">When its input was there.</param>
/// <param name="Start">When it began.</param>
/// <param name="End">When it ended.</param>
/// <param name="MemoryBytes">What the process held then, or 0.</param>
[MessagePackObject]
internal sealed record RecordedSpan(
    [property: Key(0)] long Step,
    [property: Key(1)] int Kind,
    [property: Key(2)] int Chunk,
    [property: Key(3)] int MicroBatch,
    [property: Key(4)] string Name,
    [property: Key(5)] double Ready,
    [property: Key(6)] double Start,
    [property: Key(7)] double End,
    [property: Key(8)] long MemoryBytes)
{
    /// <summary>The message's form of a record.</summary>
    public static RecordedSpan Of(TraceRecord record) => new(
        record.Step,
        record.Action is { } action ? (int)action.Kind : -1,
        record.Action?.Chunk ?? 0,
        record.Action?.MicroBatch ?? 0,
        record.Action is null ? record.Name : "",
        Seconds(record.Ready),
        Seconds(record.Start),
        Seconds(record.End),
        record.MemoryBytes);

    /// <summary>The record, on this node's clock.</summary>
    /// <param name="ahead">How many seconds the other node's clock is ahead of this one's.</param>
    public TraceRecord ToRecord(double ahead) => new(
        Step, Kind < 0 ? null : new PipelineAction((ActionKind)Kind, Chunk, MicroBatch), Name, Ticks(Ready - ahead), Ticks(Start - ahead), Ticks(End - ahead), MemoryBytes);

    private static double Seconds(long ticks) => (double)ticks / Stopwatch.Frequency;

    private static long Ticks(double seconds) => (long)(seconds * Stopwatch.Frequency);
}

/// <summary>Asks a node for its clock; the answer is a <see cref="ClockRead"/>.</summary>
/// <param name="Job">The job that wants to know.</param>
/// <param name="Sent">The asker's clock, in seconds.</param>
[MessagePackObject]
internal sealed record ReadClock([property: Key(0)] string Job, [property: Key(1)] double Sent) : INodeMessage;

/// <summary>A node's clock.</summary>
/// <param name="Node">The node's address.</param>
/// <param name="Sent">The asker's clock when it asked.</param>
/// <param name="Clock">The node's own, in seconds.</param>
[MessagePackObject]
internal sealed record ClockRead([property: Key(0)] string Node, [property: Key(1)] double Sent, [property: Key(2)] double Clock) : INodeMessage;

/// <summary>A part of a finished trace.</summary>
/// <param name="Part">The part's number, from 0.</param>
/// <param name="Parts">How many there are.</param>
/// <param name="Bytes">A part of Chrome's trace-event JSON, compressed by gzip as a whole.</param>
[MessagePackObject]
public sealed record TracePart([property: Key(0)] int Part, [property: Key(1)] int Parts, [property: Key(2)] byte[] Bytes) : IJobNews;
