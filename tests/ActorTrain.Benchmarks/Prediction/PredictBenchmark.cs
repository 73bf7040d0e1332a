using System.Globalization;
using ActorTrain.Cli.Running;
using ActorTrain.Compute.Devices;
using ActorTrain.Core.Plans;
using ActorTrain.Core.Plugins;
using ActorTrain.Core.Schedules;
using ActorTrain.Hosting.Runs;
using Spectre.Console;

namespace ActorTrain.Benchmarks.Prediction;

/// <summary>
/// How well a real run of each schedule is predicted: its step time from a profile that was taken just before with all
/// devices busy, and its bubble from the mean times of its own actions. Medians of interleaved rounds.
/// </summary>
internal static class PredictBenchmark
{
    private const string Job = "hocon/jobs/kjv-gpt.conf";
    private const int Rounds = 2;
    private const int Repetitions = 5;

    /// <summary>Runs the benchmark and prints its table.</summary>
    /// <param name="console">Where to print.</param>
    /// <param name="settings">Further overrides, as <c>KEY=VALUE</c>.</param>
    public static async Task RunAsync(IAnsiConsole console, IReadOnlyList<string> settings)
    {
        console.Profile.Width = Math.Max(console.Profile.Width, 120);
        var names = CoreExtensions.Register(new PluginRegistry()).Names<IScheduleFactory>();
        var results = names.ToDictionary(name => name, _ => new List<Prediction>());
        for (var round = 0; round < Rounds; round++)
            foreach (var name in names)
                results[name].Add(await MeasureAsync(name, settings).ConfigureAwait(false));

        var table = new Table().AddColumns("schedule", "step ms", "predicted", "off by", "bubble", "simulated", "points apart");
        foreach (var (name, runs) in results)
            table.AddRow(
                name,
                Text($"{Median(runs, r => r.Seconds) * 1e3:F0}"), Text($"{Median(runs, r => r.PredictedSeconds) * 1e3:F0}"),
                Text($"{Median(runs, r => r.PredictedSeconds / r.Seconds - 1):+0.0 %;-0.0 %}"),
                Text($"{Median(runs, r => r.Bubble):P1}"), Text($"{Median(runs, r => r.SimulatedBubble):P1}"),
                Text($"{Median(runs, r => r.Bubble - r.SimulatedBubble) * 100:+0.0;-0.0}"));
        console.Write(table);
    }

    private static async Task<Prediction> MeasureAsync(string schedule, IReadOnlyList<string> settings)
    {
        using var loaded = LoadedJob.Load(Job,
        [
            "pipeline.devices=[\"cpu:0\",\"cpu:1\"]", "data.validation=0", "checkpoint.every=0", "steps=8", .. settings, $"pipeline.schedule={schedule}",
        ]);
        var job = loaded.Job;
        var devices = Planner.Devices(job);
        var threads = new DeviceExecutorOptions { Threads = loaded.Settings.Compute.DeviceThreads };
        var profile = await BusyProfile.MeasureAsync(job, devices, threads, Repetitions).ConfigureAwait(false);
        var plan = Planner.Choose(job, devices, profile).Best.Plan;
        var run = await TrialRun.OfAsync(job, plan, threads).ConfigureAwait(false);
        return new Prediction(
            TimeSpread.Of(run.Steps).Median, plan.StepSeconds, run.Meter.Bubble!.Value, run.Meter.Bound(plan.Schedule)!.BubbleFraction);
    }

    private static double Median(List<Prediction> runs, Func<Prediction, double> value) => TimeSpread.Of(runs.Select(value)).Median;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <param name="Seconds">The median time of a step.</param>
    /// <param name="PredictedSeconds">What the simulator made of the profile.</param>
    /// <param name="Bubble">The run's bubble.</param>
    /// <param name="SimulatedBubble">What the simulator made of the mean times of the run's actions.</param>
    private sealed record Prediction(double Seconds, double PredictedSeconds, double Bubble, double SimulatedBubble);
}
