using ActorTrain.Core.Schedules;

namespace ActorTrain.Core.Tracing;

/// <summary>
/// Traces as files in Chrome's trace-event format (JSON object form), which Perfetto and chrome://tracing open: processes are
/// nodes, threads are devices, and times are microseconds.
/// </summary>
public static class ChromeTrace
{
    internal const string SliceCategory = "action";
    internal const string FlowCategory = "message";
    internal const string MemoryCounter = "memory";

    /// <summary>Writes a trace to a stream.</summary>
    /// <param name="trace">The trace.</param>
    /// <param name="stream">Where to; stays open.</param>
    public static void Write(Trace trace, Stream stream)
    {
        using var writer = new ChromeTraceWriter(trace, stream);
        writer.Write();
    }

    /// <summary>Reads a trace file that <see cref="Write"/> made.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="TraceException">The file is malformed, or not a trace of ActorTrain.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Trace ReadFile(string path)
    {
        using var stream = File.OpenRead(path);
        try
        {
            return Read(stream);
        }
        catch (Exception e) when (e is TraceException or ScheduleException)
        {
            throw new TraceException($"{path}: {e.Message}", e);
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <param name="stream">Where from.</param>
    /// <exception cref="TraceException">It is malformed, or not a trace of ActorTrain.</exception>
    /// <exception cref="ScheduleException">Its schedule breaks a rule.</exception>
    public static Trace Read(Stream stream) => ChromeTraceReader.Read(stream);
}
