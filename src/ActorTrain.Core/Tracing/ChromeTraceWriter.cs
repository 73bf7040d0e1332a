using System.Globalization;
using System.Text.Json;
using ActorTrain.Core.Schedules;

namespace ActorTrain.Core.Tracing;

/// <summary>Writes one trace file.</summary>
internal sealed class ChromeTraceWriter(Trace trace, Stream stream) : IDisposable
{
    private readonly Utf8JsonWriter _json = new(stream);
    private readonly List<string> _nodes = [.. trace.Devices.Select(d => d.Node).Distinct()];

    public void Write()
    {
        _json.WriteStartObject();
        _json.WriteString("displayTimeUnit", "ms");
        _json.WritePropertyName("otherData");
        JsonSerializer.Serialize(_json, TraceLayout.Of(trace), TraceLayout.Json);
        _json.WriteStartArray("traceEvents");
        Names();
        foreach (var slice in trace.Slices)
            Slice(slice);
        Flows();
        Credits();
        foreach (var (at, bytes) in trace.Memory)
            Counter(ChromeTrace.MemoryCounter, pid: 0, at, "bytes", bytes);
        foreach (var (name, at) in trace.Marks)
            Event("i", name, pid: 0, tid: 0, at, () => _json.WriteString("s", "g"));
        _json.WriteEndArray();
        _json.WriteEndObject();
        _json.Flush();
    }

    public void Dispose() => _json.Dispose();

    private void Names()
    {
        for (var node = 0; node < _nodes.Count; node++)
            Name("process_name", node, 0, _nodes[node]);
        for (var device = 0; device < trace.Devices.Length; device++)
            Name("thread_name", Node(device), device, string.Create(CultureInfo.InvariantCulture, $"device {device}: {trace.Devices[device].Name}"));
    }

    private void Name(string what, int pid, int tid, string name) => Event("M", what, pid, tid, 0, () =>
    {
        _json.WriteStartObject("args");
        _json.WriteString("name", name);
        _json.WriteEndObject();
    });

    private void Slice(TraceSlice slice) => Event("X", slice.Name, Node(slice.Device), slice.Device, slice.Start, () =>
    {
        _json.WriteString("cat", ChromeTrace.SliceCategory);
        _json.WriteNumber("dur", Microseconds(slice.End) - Microseconds(slice.Start));
        _json.WriteString("cname", Colour(slice));
        _json.WriteStartObject("args");
        _json.WriteNumber("step", slice.Step);
        _json.WriteNumber("ready", Microseconds(slice.Ready));
        if (slice.Action is { } action)
        {
            _json.WriteNumber("chunk", action.Chunk);
            _json.WriteNumber("microBatch", action.MicroBatch);
        }

        _json.WriteEndObject();
    });

    // An arrow from the end of what sent a message to the start of what used it, where the two are on different devices.
    private void Flows()
    {
        var inputs = new ActionInputs(trace);
        var id = 0;
        foreach (var slice in trace.Slices)
        {
            if (inputs.Of(slice) is not { } sender || sender.Device == slice.Device)
                continue;
            Flow("s", ++id, sender, sender.End);
            Flow("f", id, slice, slice.Start);
        }
    }

    private void Flow(string phase, int id, TraceSlice slice, double at) => Event(phase, "message", Node(slice.Device), slice.Device, at, () =>
    {
        _json.WriteString("cat", ChromeTrace.FlowCategory);
        _json.WriteNumber("id", id);
        if (phase == "f")
            _json.WriteString("bp", "e");
    });

    // A micro-batch holds a credit of its chunk from the start of F to the end of what frees its activations.
    private void Credits()
    {
        var changes = trace.Slices.SelectMany(Changes).OrderBy(change => change.At);
        var held = new int[trace.Devices.Length];
        foreach (var (device, at, change) in changes)
        {
            held[device] = Math.Max(0, held[device] + change);
            Counter(string.Create(CultureInfo.InvariantCulture, $"credits of device {device}"), Node(device), at, "in use", held[device]);
        }
    }

    private static IEnumerable<(int Device, double At, int Change)> Changes(TraceSlice slice) => slice.Action?.Kind switch
    {
        ActionKind.Forward => [(slice.Device, slice.Start, 1)],
        ActionKind.Backward or ActionKind.WeightGradient => [(slice.Device, slice.End, -1)],
        _ => [],
    };

    private void Counter(string name, int pid, double at, string unit, long value) => Event("C", name, pid, tid: 0, at, () =>
    {
        _json.WriteStartObject("args");
        _json.WriteNumber(unit, value);
        _json.WriteEndObject();
    });

    private void Event(string phase, string name, int pid, int tid, double at, Action more)
    {
        _json.WriteStartObject();
        _json.WriteString("ph", phase);
        _json.WriteString("name", name);
        _json.WriteNumber("pid", pid + 1);
        _json.WriteNumber("tid", tid + 1);
        _json.WriteNumber("ts", Microseconds(at));
        more();
        _json.WriteEndObject();
    }

    private int Node(int device) => _nodes.IndexOf(trace.Devices[device].Node);

    private static decimal Microseconds(double seconds) => Math.Round((decimal)seconds * 1_000_000, 3);

    // Names of chrome://tracing's palette; Perfetto colours by the name without its digits.
    private static string Colour(TraceSlice slice) => slice.Action?.Kind switch
    {
        ActionKind.Forward => "thread_state_runnable",
        ActionKind.Loss => "thread_state_unknown",
        ActionKind.Backward => "thread_state_running",
        ActionKind.InputGradient => "rail_response",
        ActionKind.WeightGradient => "thread_state_iowait",
        _ => slice.Name == TraceSlice.Recompute ? "bad" : "grey",
    };
}
