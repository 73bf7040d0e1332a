using System.Collections.Immutable;
using System.Text.Json;
using ActorTrain.Core.Schedules;

namespace ActorTrain.Core.Tracing;

/// <summary>Reads one trace file.</summary>
internal static class ChromeTraceReader
{
    public static Trace Read(Stream stream)
    {
        try
        {
            using var document = JsonDocument.Parse(stream);
            return Read(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new TraceException($"this is no trace that 'actortrain train --trace' wrote: {e.Message}", e);
        }
    }

    private static Trace Read(JsonElement root)
    {
        if (!root.TryGetProperty("otherData", out var data) || !data.TryGetProperty("format", out var format) || format.GetString() != TraceLayout.Kind)
            throw new TraceException($"this is no trace that 'actortrain train --trace' wrote: otherData.format is not '{TraceLayout.Kind}'");
        var layout = data.Deserialize<TraceLayout>(TraceLayout.Json)!;
        var slices = ImmutableArray.CreateBuilder<TraceSlice>();
        var marks = ImmutableArray.CreateBuilder<TraceMark>();
        var memory = ImmutableArray.CreateBuilder<MemorySample>();
        foreach (var happened in root.GetProperty("traceEvents").EnumerateArray())
        {
            var name = happened.GetProperty("name").GetString()!;
            switch (happened.GetProperty("ph").GetString())
            {
                case "X":
                    slices.Add(Slice(happened, name, layout.Devices.Length));
                    break;
                case "i":
                    marks.Add(new TraceMark(name, Seconds(happened.GetProperty("ts"))));
                    break;
                case "C" when name == ChromeTrace.MemoryCounter:
                    memory.Add(new MemorySample(Seconds(happened.GetProperty("ts")), happened.GetProperty("args").GetProperty("bytes").GetInt64()));
                    break;
            }
        }

        return new Trace
        {
            Job = layout.Job,
            Schedule = layout.ToSchedule(),
            Devices = layout.Devices,
            Predicted = layout.Predicted,
            Plan = layout.ToPlan(),
            Slices = slices.ToImmutable(),
            Marks = marks.ToImmutable(),
            Memory = memory.ToImmutable(),
            Dropped = layout.Dropped,
        };
    }

    private static TraceSlice Slice(JsonElement happened, string name, int devices)
    {
        var device = happened.GetProperty("tid").GetInt32() - 1;
        if (device < 0 || device >= devices)
            throw new TraceException($"slice {name} is on thread {device + 1}; threads are 1 to {devices}");
        var args = happened.GetProperty("args");
        var start = happened.GetProperty("ts").GetDecimal();
        return new TraceSlice(
            device,
            args.GetProperty("step").GetInt64(),
            PipelineAction.TryParse(name, 0, out var action) ? action : null,
            name,
            Seconds(args.GetProperty("ready")),
            Seconds(start),
            Seconds(start + happened.GetProperty("dur").GetDecimal()));
    }

    private static double Seconds(JsonElement microseconds) => Seconds(microseconds.GetDecimal());

    private static double Seconds(decimal microseconds) => (double)(microseconds / 1_000_000);
}
