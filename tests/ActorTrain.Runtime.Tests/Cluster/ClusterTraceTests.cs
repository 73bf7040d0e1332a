using System.Collections.Immutable;
using System.IO.Compression;
using ActorTrain.Core.Devices;
using ActorTrain.Core.Plans;
using ActorTrain.Core.Schedules;
using ActorTrain.Core.Settings;
using ActorTrain.Core.Tracing;
using ActorTrain.Runtime.Cluster.Jobs;
using ActorTrain.Runtime.Cluster.Protocol;
using ActorTrain.Runtime.Cluster.Slots;

namespace ActorTrain.Runtime.Tests.Cluster;

public sealed class ClusterTraceTests
{
    private static readonly GenerationNumber Generation = new(1, 1);

    [Fact]
    public void Clocks_that_begin_anywhere_give_one_time_axis_by_the_quickest_answer()
    {
        var trace = New();
        // The second node's clock is 1000 s ahead. An answer that was long on its way back says something else.
        Assert.True(trace.Add(new ClockRead("two:2", Sent: 10, Clock: 1010.0005), now: 10.001));
        Assert.True(trace.Add(new ClockRead("two:2", Sent: 11, Clock: 1011), now: 15));
        trace.Add(new ClockRead("one:1", Sent: 10, Clock: 10), now: 10);
        Tell(trace, 0, Span(ActionKind.Forward, 0, 20, 21));
        Tell(trace, 1, Span(ActionKind.Forward, 1, 1021.5, 1022));

        Assert.True(trace.IsComplete);
        var read = Read(trace);

        Assert.Equal(["one:1", "two:2"], read.Devices.Select(d => d.Node));
        Assert.Equal([0, 1.5], read.Slices.Select(s => Math.Round(s.Start, 6)));
        Assert.Equal([1, 2], read.Slices.Select(s => Math.Round(s.End, 6)));
    }

    [Fact]
    public void A_clock_is_asked_for_a_few_times_only()
    {
        var trace = New();
        var asked = 1;
        while (trace.Add(new ClockRead("one:1", 0, 0), 1))
            asked++;

        Assert.InRange(asked, 2, 20);
        Assert.False(trace.Add(new ClockRead("three:3", 0, 0), 1));
    }

    [Fact]
    public void Many_spans_travel_in_parts_that_come_together_again()
    {
        ImmutableArray<TraceRecord> records = [.. Enumerable.Range(0, 1200).Select(i => new TraceRecord(3, new PipelineAction(ActionKind.Forward, 0, i), "", i, i, i + 1, 0))];

        var parts = DeviceTraced.Parts(Generation, 0, records, 7).ToList();

        Assert.Equal([false, false, true], parts.Select(p => p.IsLast));
        Assert.Equal([0, 0, 7], parts.Select(p => p.Dropped));
        Assert.Equal(records.Select(r => r.Action), parts.SelectMany(p => p.Spans).Select(s => s.ToRecord(0).Action));
        Assert.True(Assert.Single(DeviceTraced.Parts(Generation, 0, [], 0)).IsLast);
    }

    [Fact]
    public void A_run_without_traced_steps_has_no_trace()
    {
        var trace = New();
        Tell(trace, 0);
        Tell(trace, 1);

        Assert.True(trace.IsComplete);
        Assert.Empty(trace.Finish());
    }

    private static Trace Read(ClusterTrace trace)
    {
        using var packed = new MemoryStream([.. trace.Finish().SelectMany(part => part.Bytes)]);
        using var gzip = new GZipStream(packed, CompressionMode.Decompress);
        return ChromeTrace.Read(gzip);
    }

    private static void Tell(ClusterTrace trace, int device, params RecordedSpan[] spans) =>
        trace.Add(new DeviceTraced(Generation, device, IsLast: true, Dropped: 0, spans));

    private static RecordedSpan Span(ActionKind kind, int chunk, double start, double end) => new(3, (int)kind, chunk, 0, "", start, start, end, 0);

    private static ClusterTrace New()
    {
        var profile = new ModelProfile
        {
            Layers = [.. Enumerable.Repeat(new LayerCost("h", 1, 2, 1, 1, 8, 8, 8, 8, 8), 2)],
            InputBytes = 8,
            OptimizerBuffers = 2,
        };
        ImmutableArray<ClusterDevice> devices = [Device("one:1", 0), Device("two:2", 1)];
        var plan = new PlanPredictor(profile).Predict(
            new Partition(1, 1),
            [.. devices.Select(d => d.Spec)],
            new OneForwardOneBackwardSchedule().Create(new ScheduleShape(2, 1, 4)),
            [RecomputePolicy.None, RecomputePolicy.None]);
        return new ClusterTrace("test", plan, devices, profile);
    }

    private static ClusterDevice Device(string node, int core) => new(
        new SlotId(1, node, $"cpu:{core}"), new DeviceSpec(DeviceKind.Cpu, core, core), new DataAddress("h", 1, null, null), new DeviceOffer($"cpu:{core}", 1 << 30, 1 << 30, "cpu", 100));
}
