using System.Globalization;
using ActorTrain.Compute.Devices;
using ActorTrain.Core.Plans;
using ActorTrain.Hosting.Runs;
using Spectre.Console;

namespace ActorTrain.Benchmarks.Split;

/// <summary>
/// What splitting the backward pass costs: each half of the default job on one device, whole and split passes in turn, so
/// that a noisy machine treats both alike. Medians, as ratios.
/// </summary>
internal static class SplitBenchmark
{
    private const string Job = "hocon/jobs/kjv-gpt.conf";

    /// <summary>Runs the benchmark and prints its table.</summary>
    /// <param name="console">Where to print.</param>
    /// <param name="settings">Overrides of the job's settings, as <c>KEY=VALUE</c>.</param>
    public static async Task RunAsync(IAnsiConsole console, IReadOnlyList<string> settings)
    {
        using var loaded = LoadedJob.Load(Job, settings);
        var (job, layers) = (loaded.Job, loaded.Job.Model.Layers);
        using var executor = new DeviceExecutor(0, Planner.Devices(job)[0], new DeviceExecutorOptions());
        var table = new Table().AddColumns("layers", "(B+W)/BW", "(F+B+W)/(F+BW)", "F", "B", "W");
        var half = layers.Count / 2;
        foreach (var range in new LayerRange[] { new(0, half), new(half, layers.Count - half) })
        {
            var times = await executor.Run("split", () => SplitTimes.Measure(job, range, executor.Device)).ConfigureAwait(false);
            table.AddRow(
                $"{layers[range.First].Name} … {layers[range.End - 1].Name}",
                Text($"{(times.InputGradient + times.WeightGradient) / times.Backward:F3}"),
                Text($"{times.Split / times.Whole:F3}"),
                Text($"{times.SplitForward / times.Split:P1}"),
                Text($"{times.InputGradient / times.Split:P1}"),
                Text($"{times.WeightGradient / times.Split:P1}"));
        }

        console.Write(table);
        console.WriteLine("F, B, W: shares of a split micro-batch's time");
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
