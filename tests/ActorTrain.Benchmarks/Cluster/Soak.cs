using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Spectre.Console;

namespace ActorTrain.Benchmarks.Cluster;

/// <summary>
/// Two nodes whose edge is saturated for a long time: no node may be marked unreachable, and their memory may not grow.
/// </summary>
internal static class Soak
{
    // Wide activations, little to compute: an embedding and a head around one small block.
    private static readonly string[] Job =
    [
        "--job", "hocon/jobs/kjv-gpt.conf", "--json", "--set", "model.layers=1", "--set", "model.width=64", "--set", "batch.sequences=256",
        "--set", "pipeline.partition=[1, 2]", "--set", "data.validation=0", "--set", "checkpoint.every=0", "--set", "steps=1000000",
    ];

    /// <summary>Runs.</summary>
    /// <param name="console">Where to print.</param>
    /// <param name="length">How long.</param>
    /// <returns>Whether all was well.</returns>
    public static bool Run(IAnsiConsole console, TimeSpan length)
    {
        var runs = Directory.CreateTempSubdirectory("actortrain-soak-").FullName;
        using var process = ToolRun.Start([], ["cluster", "up", "--nodes", "2", "--runs", runs, .. Job]);
        var (steps, bytes) = (0L, 0L);
        long early = 0, late = 0;
        var clock = new Stopwatch();
        while (clock.Elapsed < length && process.StandardOutput.ReadLine() is { } line)
        {
            var happened = JsonDocument.Parse(line).RootElement;
            switch (happened.GetProperty("event").GetString())
            {
                case "step":
                    clock.Start();
                    steps++;
                    late = Nodes(process).Sum(node => node.WorkingSet64);
                    early = clock.Elapsed < length / 10 ? late : early;
                    break;
                case "wire":
                    bytes += happened.GetProperty("edges").EnumerateArray().Sum(e => e.GetProperty("bytes").GetInt64());
                    break;
            }
        }

        process.StandardInput.Close();
        using (Process.Start("kill", ["-s", "TERM", process.Id.ToString(CultureInfo.InvariantCulture)]))
        {
        }

        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        var logs = Directory.GetFiles(runs, "*.log", SearchOption.AllDirectories).SelectMany(File.ReadLines).ToList();
        var unreachable = logs.Count(l => l.Contains("unreachable", StringComparison.OrdinalIgnoreCase));
        Directory.Delete(runs, recursive: true);
        console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{clock.Elapsed.TotalMinutes:F1} minutes, {steps} steps, {bytes / clock.Elapsed.TotalSeconds / 1e6:F0} MB/s over the edge"));
        console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"marked unreachable: {unreachable}; resident memory of both nodes {early / 1e6:F0} MB early, {late / 1e6:F0} MB at the end"));
        return unreachable == 0 && process.ExitCode == 130 && steps > 0;
    }

    private static List<Process> Nodes(Process parent) => [.. Process.GetProcessesByName("actortrain").Where(p => p.Id != parent.Id)];
}
