using System.Collections.Immutable;
using System.IO.Compression;
using ActorTrain.Core.Plans;
using ActorTrain.Core.Tracing;
using ActorTrain.Runtime.Cluster.Protocol;

namespace ActorTrain.Runtime.Cluster.Jobs;

/// <summary>
/// Gathers what the devices of one generation did, on one time axis: each node's clock is asked for a few times, and of the
/// answers the one that was back first tells best how far that clock is ahead (Cristian 1989).
/// </summary>
/// <param name="job">The job's name.</param>
/// <param name="plan">The plan that runs.</param>
/// <param name="devices">Its devices.</param>
/// <param name="profile">What the plan was made from.</param>
internal sealed class ClusterTrace(string job, PipelinePlan plan, ImmutableArray<ClusterDevice> devices, ModelProfile profile)
{
    private const int Questions = 8;
    private const int PartBytes = 1 << 16;

    private readonly Dictionary<string, NodeClock> _clocks = devices.Select(d => d.Slot.Address).Distinct().ToDictionary(node => node, _ => new NodeClock());
    private readonly List<DeviceTraced> _parts = [];
    private int _ended;

    /// <summary>The nodes whose clocks are to be asked for.</summary>
    public IEnumerable<string> Nodes => _clocks.Keys;

    /// <summary>Whether all devices have told all.</summary>
    public bool IsComplete => _ended == devices.Length;

    /// <summary>Takes a node's clock.</summary>
    /// <param name="read">The answer.</param>
    /// <param name="now">This node's clock.</param>
    /// <returns>Whether to ask again.</returns>
    public bool Add(ClockRead read, double now) => _clocks.TryGetValue(read.Node, out var clock) && clock.Add(read, now) < Questions;

    /// <summary>Takes a part of what a device did.</summary>
    public void Add(DeviceTraced part)
    {
        _parts.Add(part);
        _ended += part.IsLast ? 1 : 0;
    }

    /// <summary>The trace as its followers are told it; nothing when no traced step was run.</summary>
    public IEnumerable<TracePart> Finish()
    {
        var costs = new PlanPredictor(profile).Costs(plan.Partition, Relative(), plan.Schedule, plan.Recompute);
        var assembly = new TraceAssembly(job, plan, [.. devices.Select(d => d.Slot.Address)], costs.Chunks);
        foreach (var part in _parts)
        {
            var ahead = _clocks[devices[part.Device].Slot.Address].Ahead;
            assembly.Add(part.Device, part.Spans.Select(span => span.ToRecord(ahead)), part.Dropped);
        }

        if (assembly.Build() is not { } trace)
            return [];
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            ChromeTrace.Write(trace, gzip);
        var parts = packed.ToArray().Chunk(PartBytes).ToList();
        return parts.Select((bytes, i) => new TracePart(i, parts.Count, bytes));
    }

    private ImmutableArray<PlanDevice> Relative() =>
        [.. devices.Select(d => new PlanDevice(d.Spec, d.Offer.GigaflopsPerSecond / devices[0].Offer.GigaflopsPerSecond))];

    private sealed class NodeClock
    {
        private double _roundTrip = double.PositiveInfinity;
        private int _answers;

        /// <summary>How many seconds it is ahead of this node's.</summary>
        public double Ahead { get; private set; }

        public int Add(ClockRead read, double now)
        {
            if (now - read.Sent < _roundTrip)
                (_roundTrip, Ahead) = (now - read.Sent, read.Clock - (read.Sent + now) / 2);
            return ++_answers;
        }
    }
}
