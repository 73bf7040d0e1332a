using System.Text;
using System.Text.Json;
using ActorTrain.Core.Plugins;
using ActorTrain.Core.Schedules;
using ActorTrain.Core.Simulation;
using ActorTrain.Core.Tracing;
using CsCheck;

namespace ActorTrain.Core.Tests.Tracing;

public sealed class ChromeTraceTests
{
    private static readonly ChunkCost Unit = new(0.001, 0.0001, 0.002, 0.001, 0.001, 0.0005);

    private static readonly PluginRegistry Registry = CoreExtensions.Register(new PluginRegistry());

    private static readonly Gen<Trace> Any =
        from name in Gen.OneOf([.. Registry.Names<IScheduleFactory>().Select(Gen.Const)])
        from devices in Gen.Int[1, 4]
        from rounds in Gen.Int[1, 3]
        from steps in Gen.Int[1, 3]
        select Traces.Uniform(Registry.Get<IScheduleFactory>(name), devices, devices * rounds, steps, Unit);

    [Fact]
    public void What_was_written_is_read_again() => Any.Sample(trace =>
    {
        using var stream = Written(trace);
        var read = ChromeTrace.Read(stream);

        Assert.Equal(trace.Devices.AsEnumerable(), read.Devices);
        Assert.Equal(trace.Marks.AsEnumerable(), read.Marks);
        Assert.Equal(trace.Memory.AsEnumerable(), read.Memory);
        Assert.Equal(trace.Predicted.AsEnumerable(), read.Predicted);
        Assert.Equal(trace.Schedule.Actions?.SelectMany(list => list), read.Schedule.Actions?.SelectMany(list => list));
        Assert.Equal(trace.Slices.Select(s => (s.Device, s.Step, s.Action, s.Name)), read.Slices.Select(s => (s.Device, s.Step, s.Action, s.Name)));
        foreach (var (before, after) in trace.Slices.Zip(read.Slices))
            Assert.Equal(before.Seconds, after.Seconds, 2e-9);
    });

    [Fact]
    public void Every_message_between_devices_is_an_arrow_from_its_sender_to_its_receiver()
    {
        var trace = Traces.Uniform(new OneForwardOneBackwardSchedule(), 3, 4, 1, Unit);
        var flows = Events(trace).Where(e => Phase(e) is "s" or "f").GroupBy(e => e.GetProperty("id").GetInt32()).ToList();

        // Two edges, each with an activation and a gradient of four micro-batches.
        Assert.Equal(2 * 2 * 4, flows.Count);
        Assert.All(flows, flow =>
        {
            var (start, end) = (flow.Single(e => Phase(e) == "s"), flow.Single(e => Phase(e) == "f"));
            Assert.Equal(1, Math.Abs(start.GetProperty("tid").GetInt32() - end.GetProperty("tid").GetInt32()));
            Assert.True(start.GetProperty("ts").GetDouble() <= end.GetProperty("ts").GetDouble());
        });
    }

    [Fact]
    public void Credits_in_use_reach_the_schedules_limit_and_go_back_to_none()
    {
        var trace = Traces.Uniform(new OneForwardOneBackwardSchedule(), 3, 6, 1, Unit);
        for (var device = 0; device < 3; device++)
        {
            var held = Events(trace).Where(e => Phase(e) == "C" && e.GetProperty("name").GetString() == $"credits of device {device}")
                .Select(e => e.GetProperty("args").GetProperty("in use").GetInt32()).ToList();
            Assert.Equal((trace.Schedule.Credits[device], 0), (held.Max(), held[^1]));
        }
    }

    [Fact]
    public void Nodes_are_processes_and_devices_are_threads()
    {
        var names = Events(Traces.Uniform(new GPipeSchedule(), 3, 3, 1, Unit)).Where(e => Phase(e) == "M")
            .Select(e => (e.GetProperty("pid").GetInt32(), e.GetProperty("args").GetProperty("name").GetString()));
        Assert.Equal([(1, "one"), (2, "two"), (1, "device 0: cpu:0"), (2, "device 1: cpu:1"), (2, "device 2: cpu:2")], names);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("no json")]
    [InlineData("""{"otherData":{"format":"actortrain-trace"},"traceEvents":[]}""")]
    public void A_file_that_is_no_trace_is_refused(string text)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text));
        Assert.Throws<TraceException>(() => ChromeTrace.Read(stream));
    }

    private static MemoryStream Written(Trace trace)
    {
        var stream = new MemoryStream();
        ChromeTrace.Write(trace, stream);
        stream.Position = 0;
        return stream;
    }

    private static List<JsonElement> Events(Trace trace)
    {
        using var stream = Written(trace);
        using var document = JsonDocument.Parse(stream);
        return [.. document.RootElement.Clone().GetProperty("traceEvents").EnumerateArray()];
    }

    private static string? Phase(JsonElement happened) => happened.GetProperty("ph").GetString();
}
