using System.Globalization;
using ActorTrain.Compute.Checkpoints;
using ActorTrain.Compute.Devices;
using ActorTrain.Compute.Training;
using ActorTrain.Core.Plans;
using ActorTrain.Core.Training;
using ActorTrain.Hosting.Runs;
using ActorTrain.Runtime;
using Akka.Actor;
using Spectre.Console;

namespace ActorTrain.Benchmarks.Pipeline;

/// <summary>
/// The default job at 8 and 16 micro-batches: plain loop and every schedule, in interleaved rounds, so that a noisy
/// machine treats all alike. Medians, as ratios.
/// </summary>
internal static class PipelineBenchmark
{
    private const string Job = "hocon/jobs/kjv-gpt.conf";
    private const int Rounds = 3;
    private const int Steps = 8;

    // First steps warm up caches, thread pools and the just-in-time compiler.
    private const int Warmup = 2;

    /// <summary>Runs the benchmark and prints its tables.</summary>
    /// <param name="console">Where to print.</param>
    /// <param name="settings">Further overrides for all variants, as <c>KEY=VALUE</c>.</param>
    public static async Task RunAsync(IAnsiConsole console, IReadOnlyList<string> settings)
    {
        console.Profile.Width = Math.Max(console.Profile.Width, 120);
        foreach (var microBatches in new[] { 8, 16 })
        {
            var results = Variant.All.ToDictionary(v => v, _ => new Measurement());
            for (var round = 0; round < Rounds; round++)
                foreach (var variant in Variant.All)
                    await MeasureAsync(variant, microBatches, settings, results[variant]).ConfigureAwait(false);
            console.Write(Table(microBatches, results));
        }

        console.WriteLine("hand-off: median and 90th percentile of an action's wait in µs; KiB: managed memory allocated for a micro-batch");
    }

    private static async Task MeasureAsync(Variant variant, int microBatches, IReadOnlyList<string> settings, Measurement measurement)
    {
        using var loaded = LoadedJob.Load(Job,
        [
            .. variant.Settings, .. settings, "data.validation=0", "checkpoint.every=0",
            string.Create(CultureInfo.InvariantCulture, $"steps={Steps}"),
            string.Create(CultureInfo.InvariantCulture, $"batch.micro-batches={microBatches}"),
        ]);
        var job = loaded.Job;
        var devices = Planner.Devices(job);
        var threads = new DeviceExecutorOptions { Threads = loaded.Settings.Compute.DeviceThreads };
        var plan = variant.Plain ? null : (await Planner.MakeAsync(job, devices, threads, cache: null).ConfigureAwait(false)).Choice.Best.Plan;
        var directory = Directory.CreateTempSubdirectory("actortrain-benchmark-");
        try
        {
            var steps = new List<double>();
            var timings = new List<WorkTiming>();
            var meter = new WorkMeter(devices.Length, plan?.Partition.Stages ?? 1);
            var allocated = 0L;
            var request = new TrainingRequest
            {
                Job = job,
                Checkpoints = new CheckpointStore(directory.FullName, 1, new CheckpointIdentity(job.Settings.Name, 0, "", "")),
                Events = happened =>
                {
                    if (happened is not StepCompleted step)
                        return;
                    meter.EndStep();
                    steps.Add(step.Seconds);
                    if (steps.Count == Warmup)
                        allocated = GC.GetTotalAllocatedBytes();
                    else if (steps.Count == Steps)
                        allocated = GC.GetTotalAllocatedBytes() - allocated;
                },
            };
            var observed = threads with
            {
                Observer = timing =>
                {
                    meter.Observe(timing);
                    lock (timings)
                        timings.Add(timing);
                },
            };
            await RunAsync(request, plan, devices[0], observed).ConfigureAwait(false);
            measurement.Add(steps.Skip(Warmup), (double)allocated / ((Steps - Warmup) * microBatches));
            if (plan is not null)
                measurement.Add(meter.Bubble!.Value, meter.Bound(plan.Schedule)!, HandOffs.Of(timings, plan.Partition.Stages));
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static async Task RunAsync(TrainingRequest request, PipelinePlan? plan, Core.Devices.DeviceSpec device, DeviceExecutorOptions options)
    {
        if (plan is null)
        {
            using var plain = await PlainLoop.RunAsync(request, device, options).ConfigureAwait(false);
            return;
        }

        using var system = ActorSystem.Create("benchmark", "akka.loglevel = WARNING");
        using var outcome = await PipelineTrainer.RunAsync(system, request, plan, options).ConfigureAwait(false);
        await system.Terminate().ConfigureAwait(false);
    }

    private static Table Table(int microBatches, Dictionary<Variant, Measurement> results)
    {
        var one = results[Variant.All[0]].StepSeconds;
        var two = results[Variant.All[1]].StepSeconds;
        var table = new Table()
            .Title(Text($"{microBatches} micro-batches"))
            .AddColumns("", "x 1 thread", "x 2 threads", "step/bound", "bubble", "bound", "hand-off", "90 %", "KiB");
        foreach (var (variant, m) in results)
            table.AddRow(
                variant.Name,
                Text($"{one / m.StepSeconds:F3}"),
                Text($"{two / m.StepSeconds:F3}"),
                m.HasBound ? Text($"{m.StepSeconds / m.BoundSeconds:F3}") : "",
                m.HasBound ? Text($"{m.Bubble:P1}") : "",
                m.HasBound ? Text($"{m.BubbleBound:P1}") : "",
                m.HasBound ? Text($"{m.HandOff:F0}") : "",
                m.HasBound ? Text($"{m.HandOff90:F0}") : "",
                Text($"{m.AllocatedKiB:F0}"));
        return table;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
