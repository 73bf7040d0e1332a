using System.Diagnostics;
using System.Globalization;
using ActorTrain.Cli.Running;
using ActorTrain.Compute.Devices;
using ActorTrain.Compute.Native;
using ActorTrain.Core.Plans;
using ActorTrain.Core.Schedules;
using ActorTrain.Core.Tracing;
using ActorTrain.Hosting.Runs;
using Spectre.Console;

namespace ActorTrain.Benchmarks.Prediction;

/// <summary>
/// What tracing costs: the time of a record on a device's thread, by itself, as a share of the step that it is taken in;
/// and steps with and without it, in interleaved rounds, whose noise is far greater.
/// </summary>
internal static class TraceBenchmark
{
    private const int Rounds = 3;
    private const int Records = 20_000;

    /// <summary>Runs the benchmark and prints its table.</summary>
    /// <param name="console">Where to print.</param>
    /// <param name="settings">Further overrides, as <c>KEY=VALUE</c>.</param>
    public static async Task RunAsync(IAnsiConsole console, IReadOnlyList<string> settings)
    {
        var table = new Table().AddColumns("job", "step ms", "traced / not", "records a step and device", "ns a record", "share of a step");
        foreach (var job in new[] { "kjv-gpt-tiny", "kjv-gpt" })
            await MeasureAsync(table, job, settings).ConfigureAwait(false);
        console.Write(table);
    }

    private static async Task MeasureAsync(Table table, string name, IReadOnlyList<string> settings)
    {
        using var loaded = LoadedJob.Load(
            $"hocon/jobs/{name}.conf", ["pipeline.devices=[\"cpu:0\",\"cpu:1\"]", "data.validation=0", "checkpoint.every=0", "steps=12", .. settings]);
        var devices = Planner.Devices(loaded.Job);
        var threads = new DeviceExecutorOptions { Threads = loaded.Settings.Compute.DeviceThreads };
        var plan = (await Planner.MakeAsync(loaded.Job, devices, threads, cache: null).ConfigureAwait(false)).Choice.Best.Plan;
        var (off, on, records) = (new List<double>(), new List<double>(), 0);
        for (var round = 0; round < Rounds; round++)
        {
            off.AddRange((await TrialRun.OfAsync(loaded.Job, plan, threads).ConfigureAwait(false)).Steps);
            var recorder = Recorder(plan.Schedule);
            on.AddRange((await TrialRun.OfAsync(loaded.Job, plan, threads with { Observer = Observer(recorder) }).ConfigureAwait(false)).Steps);
            records = recorder.Build(name, "", plan, []).Slices.Count(s => s is { Device: 0, Step: 5 });
        }

        var (step, nanoseconds) = (TimeSpread.Of(off).Median, NanosecondsOfRecord(plan.Schedule, TimeSpan.FromSeconds(TimeSpread.Of(off).Median / records)));
        table.AddRow(
            name, Text($"{step * 1e3:F1}"), Text($"{TimeSpread.Of(on).Median / step:F3}"), Text($"{records}"), Text($"{nanoseconds:F0}"),
            Text($"{records * nanoseconds / 1e9 / step:P3}"));
    }

    private static double NanosecondsOfRecord(Schedule schedule, TimeSpan between)
    {
        var observer = Observer(Recorder(schedule));
        var first = new WorkTiming(0, new PipelineAction(ActionKind.Forward, 0, 0), "F", 0, 1, 2);
        var other = first with { Action = new PipelineAction(ActionKind.Backward, 0, 0) };
        observer(first);
        // As far apart as in the run, for memory is asked after a time, not after each record.
        var ticks = (long)(between.TotalSeconds * Stopwatch.Frequency);
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < Records; i++)
            observer(other with { End = i * ticks });
        return Stopwatch.GetElapsedTime(start).TotalNanoseconds / Records;
    }

    private static TraceRecorder Recorder(Schedule schedule) => new(schedule, new TraceSteps(1, 12), done: 0, () => NativeHeap.BytesInUse);

    private static Action<WorkTiming> Observer(TraceRecorder recorder) =>
        t => recorder.Record(t.Device, t.Action, t.Name, t.Ready, t.Start, t.End);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
