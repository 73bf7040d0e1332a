using System.Diagnostics;
using System.Text.Json;

namespace ActorTrain.Benchmarks.Cluster;

/// <summary>A run of the program as a process, and what it printed as JSON lines.</summary>
/// <param name="events">Its events.</param>
internal sealed class ToolRun(IReadOnlyList<JsonElement> events)
{
    // The just-in-time compiler takes some twenty seconds to have all of a node's code as fast as it gets.
    private const int Warmup = 30;

    /// <summary>The times of its steps after the first, in seconds.</summary>
    public IReadOnlyList<double> Steps => [.. Of("step").Skip(Warmup).Select(e => e.GetProperty("seconds").GetDouble())];

    /// <summary>Bytes that crossed all edges, and what float32 would have taken.</summary>
    public (long Bytes, long Raw) Wire
    {
        get
        {
            var edges = Of("wire").SelectMany(e => e.GetProperty("edges").EnumerateArray()).ToList();
            return (edges.Sum(e => e.GetProperty("bytes").GetInt64()), edges.Sum(e => e.GetProperty("raw_bytes").GetInt64()));
        }
    }

    /// <summary>The program, which lies beside this one.</summary>
    public static string Program => Path.Combine(AppContext.BaseDirectory, "actortrain");

    /// <summary>Runs the program to its end.</summary>
    /// <param name="launcher">What comes before it.</param>
    /// <param name="arguments">Its arguments; <c>--json</c> among them.</param>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public static ToolRun Execute(IReadOnlyList<string> launcher, params IReadOnlyList<string> arguments)
    {
        using var process = Start(launcher, arguments);
        var error = process.StandardError.ReadToEndAsync();
        var lines = process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{string.Join(' ', arguments)} ended with {process.ExitCode}: {error.Result}");
        return new ToolRun([.. lines.Select(line => JsonDocument.Parse(line).RootElement)]);
    }

    /// <summary>Starts the program.</summary>
    public static Process Start(IReadOnlyList<string> launcher, IReadOnlyList<string> arguments)
    {
        string[] command = [.. launcher, Program, .. arguments];
        return Process.Start(new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
    }

    private IEnumerable<JsonElement> Of(string kind) => events.Where(e => e.GetProperty("event").GetString() == kind);
}
