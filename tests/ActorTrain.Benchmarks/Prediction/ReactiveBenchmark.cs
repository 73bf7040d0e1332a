using System.Collections.Immutable;
using System.Globalization;
using ActorTrain.Cli.Running;
using ActorTrain.Compute.Devices;
using ActorTrain.Core.Devices;
using ActorTrain.Core.Plans;
using ActorTrain.Core.Plugins;
using ActorTrain.Core.Schedules;
using ActorTrain.Core.Simulation;
using ActorTrain.Hosting.Runs;
using Spectre.Console;

namespace ActorTrain.Benchmarks.Prediction;

/// <summary>
/// <c>reactive</c> against fixed orders of the same memory on every device, when something goes wrong and when nothing does:
/// against <c>1f1b</c>, simulated and real with actions that are lengthened by hand, and, with the credits of <c>zb-h1</c>,
/// against that one, simulated.
/// </summary>
internal static class ReactiveBenchmark
{
    private const int Devices = 4;
    private const int MicroBatches = 16;
    private const int Seeds = 20;
    private const int RealSteps = 10;
    private const int Rounds = 2;

    private static readonly ChunkCost Cost = new(1, 0, 2, 1, 1, 0);

    // Long beside the tiny model's own actions and the runtime's hand-offs.
    private static readonly TimeSpan Unit = TimeSpan.FromMilliseconds(3);

    /// <summary>Runs the benchmark and prints its tables.</summary>
    /// <param name="console">Where to print.</param>
    /// <param name="onlySimulated">Whether nothing real is run.</param>
    public static async Task RunAsync(IAnsiConsole console, bool onlySimulated)
    {
        console.Profile.Width = Math.Max(console.Profile.Width, 140);
        console.Write(Simulated());
        if (!onlySimulated)
            console.Write(await RealAsync().ConfigureAwait(false));
    }

    private static Table Simulated()
    {
        var registry = CoreExtensions.Register(new PluginRegistry());
        var table = Columns($"simulated, {MicroBatches} micro-batches: a step of the order / one of reactive");
        foreach (var devices in new[] { 2, 4, 8 })
            foreach (var name in new[] { "1f1b", "zb-h1" })
            {
                var shape = new ScheduleShape(devices, 1, MicroBatches);
                var order = registry.Get<IScheduleFactory>(name).Create(shape);
                var reactive = new Schedule("reactive", shape, order.Placement, order.Credits, actions: null, splitsBackward: true);
                table.AddRow([Text($"{name}, {devices} devices"), .. Condition.All.Select(condition =>
                    Text($"{condition.Simulate(order, Cost, Seeds) / condition.Simulate(reactive, Cost, Seeds):F3}"))]);
            }

        return table;
    }

    // Four devices need no four cores here: nearly all of an action's time is waited, not computed.
    private static async Task<Table> RealAsync()
    {
        var table = Columns($"real, {Devices} devices: ms a step, and 1f1b / reactive");
        var times = new Dictionary<(string, Condition), List<double>>();
        for (var round = 0; round < Rounds; round++)
            foreach (var condition in Condition.All)
                foreach (var name in new[] { "1f1b", "reactive" })
                {
                    if (!times.TryGetValue((name, condition), out var steps))
                        times[(name, condition)] = steps = [];
                    steps.AddRange(await RunAsync(name, condition, round).ConfigureAwait(false));
                }

        foreach (var name in new[] { "1f1b", "reactive" })
            table.AddRow([name, .. Condition.All.Select(c => Text($"{times[(name, c)].Average() * 1e3:F1}"))]);
        return table.AddRow(["ratio", .. Condition.All.Select(c => Text($"{times[("1f1b", c)].Average() / times[("reactive", c)].Average():F3}"))]);
    }

    private static async Task<IReadOnlyList<double>> RunAsync(string schedule, Condition condition, int round)
    {
        using var loaded = LoadedJob.Load("hocon/jobs/kjv-gpt-tiny.conf",
        [
            $"pipeline.schedule={schedule}", "pipeline.devices=[\"cpu:0\"]", "data.validation=0", "checkpoint.every=0",
            Text($"batch.sequences={MicroBatches}"), Text($"batch.micro-batches={MicroBatches}"), Text($"steps={RealSteps}"),
        ]);
        ImmutableArray<DeviceSpec> devices = [.. Enumerable.Range(0, Devices).Select(d => new DeviceSpec(DeviceKind.Cpu, d % Environment.ProcessorCount, d % Environment.ProcessorCount))];
        var plan = new PipelinePlan
        {
            Partition = new Partition([.. Enumerable.Repeat(1, Devices)]),
            Devices = devices,
            Schedule = loaded.Job.Schedule!.Create(new ScheduleShape(Devices, 1, MicroBatches)),
            Recompute = loaded.Job.Recompute,
            StepSeconds = 0,
            BubbleFraction = 0,
            Memory = [],
        };
        var steps = new int[Devices];
        var options = new DeviceExecutorOptions
        {
            Rehearsal = action =>
            {
                if (action is { Kind: ActionKind.Forward, MicroBatch: 0 })
                    steps[action.Chunk]++;
                Thread.Sleep(Unit * (Cost.Of(action.Kind) * condition.Factor((ulong)round, steps[action.Chunk], action, action.Chunk)));
            },
        };
        return (await TrialRun.OfAsync(loaded.Job, plan, options).ConfigureAwait(false)).Steps;
    }

    private static Table Columns(string title) =>
        new Table().Title(title).AddColumns(["", .. Condition.All.Select(c => c.Name)]);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
