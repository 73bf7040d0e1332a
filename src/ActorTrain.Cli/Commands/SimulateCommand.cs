using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using ActorTrain.Core.Devices;
using ActorTrain.Core.Drawing;
using ActorTrain.Core.Plans;
using ActorTrain.Core.Plugins;
using ActorTrain.Core.Schedules;
using ActorTrain.Core.Simulation;
using ActorTrain.Hosting.Runs;
using Spectre.Console;
using Spectre.Console.Cli;

namespace ActorTrain.Cli.Commands;

/// <summary>Simulates a pipeline of any size.</summary>
internal sealed class SimulateCommand : AsyncCommand<SimulateSettings>
{
    private const double Milliseconds = 1e-3;

    /// <inheritdoc/>
    public override async Task<int> ExecuteAsync(CommandContext context, SimulateSettings settings, CancellationToken cancellationToken)
    {
        Tables.WidenPipe();
        var registry = CoreExtensions.Register(new PluginRegistry());
        var names = settings.Compare switch
        {
            null => [settings.Schedule ?? "1f1b"],
            "all" => registry.Names<IScheduleFactory>(),
            var list => list.Split(',', StringSplitOptions.TrimEntries),
        };
        var profile = settings.Profile is { } file ? await ProfileFile.ReadAsync(file, cancellationToken).ConfigureAwait(false) : null;
        var table = Tables.Of("schedule", "chunks", "step ms", "bubble", "closed form", "peak: min", "median", "max", settings.Memory is null ? "" : "fits");
        foreach (var name in names)
        {
            var result = Run(settings, registry.Get<IScheduleFactory>(name), profile);
            var peaks = Peaks(result);
            var formula = settings.Profile is null ? ClosedForm.Bubble(result.Schedule, settings.Forward, settings.Backward, settings.WeightPart) : null;
            if (settings.Json)
                Console.WriteLine(Json(settings, result, peaks, formula));
            table.AddRow(
                name, Text($"{result.Schedule.Shape.ChunksPerDevice}"), Text($"{result.StepSeconds / Milliseconds:N3}"), Text($"{result.StepBubbleFraction:P2}"),
                formula is { } f ? Text($"{f:P2}") : "", Text($"{peaks[0]:0.#}"), Text($"{peaks[peaks.Length / 2]:0.#}"), Text($"{peaks[^1]:0.#}"),
                settings.Memory is { } most ? peaks[^1] <= most ? "yes" : Text($"no: {peaks[^1]:0.#} of {most:0.#}") : "");
            if (settings.Draw)
                Console.WriteLine(ScheduleDrawing.ToText(result));
            if (settings.Svg is { } svg)
                await File.WriteAllTextAsync(svg, ScheduleDrawing.ToSvg(result), cancellationToken).ConfigureAwait(false);
        }

        if (!settings.Json)
            Print(settings, table);
        return ExitCode.Done;
    }

    private static void Print(SimulateSettings settings, Table table)
    {
        Console.WriteLine(Text($"{settings.Devices} devices, {settings.MicroBatches} micro-batches; peaks in micro-batches' activations of all of a device's layers"));
        AnsiConsole.Write(table);
    }

    private static SimulationResult Run(SimulateSettings settings, IScheduleFactory factory, ModelProfile? profile)
    {
        var chunks = settings.Chunks ?? factory.DefaultChunksPerDevice;
        var schedule = factory.Create(new ScheduleShape(settings.Devices, chunks, settings.MicroBatches));
        var costs = profile is null ? Uniform(settings, schedule) : Measured(settings, schedule, profile);
        var options = new SimulationOptions
        {
            Steps = settings.Steps,
            KeepTimeline = settings.Draw || settings.Svg is not null,
            WaitForVerdict = !settings.NoVerdict,
            Jitter = settings.Jitter > 0 ? new Jitter((ulong)settings.Seed, settings.Jitter) : null,
            Speeds = Speeds(settings),
        };
        return settings.FailEvery is null
            ? PipelineSimulator.Simulate(schedule, costs, options)
            : PipelineSimulator.Simulate(schedule, costs, options with { Failures = Failures(settings, schedule, costs, options) });
    }

    private static CostModel Uniform(SimulateSettings settings, Schedule schedule)
    {
        var chunk = Milliseconds / schedule.Shape.ChunksPerDevice;
        var link = new LinkCost(settings.Latency * Milliseconds, settings.Message * 1e6, BytesPerSecond(settings));
        var cost = new ChunkCost(
            settings.Forward * chunk, 0, settings.Backward * chunk, (settings.Backward - settings.WeightPart) * chunk, settings.WeightPart * chunk, settings.Update * chunk);
        return new CostModel(
            [.. Enumerable.Repeat(cost, schedule.Shape.Chunks)],
            [.. Enumerable.Range(0, schedule.Shape.Chunks - 1).Select(c => schedule.Placement[c] == schedule.Placement[c + 1] ? EdgeCost.None : new EdgeCost(link, link))]);
    }

    private static CostModel Measured(SimulateSettings settings, Schedule schedule, ModelProfile profile)
    {
        ImmutableArray<Core.Settings.RecomputePolicy> recompute = [.. profile.Layers.Select(_ => Core.Settings.RecomputePolicy.None)];
        var partition = PartitionPlanner.Balance(profile.Layers, recompute, schedule.Shape.Chunks);
        var link = new PlanLink(settings.Latency * Milliseconds, 1 / BytesPerSecond(settings));
        ImmutableArray<PlanDevice> devices = [.. Enumerable.Range(0, schedule.Shape.Devices).Select(d => new PlanDevice(new DeviceSpec(DeviceKind.Cpu, d, d), 1, null, link))];
        return new PlanPredictor(profile).Costs(partition, devices, schedule, recompute);
    }

    private static double BytesPerSecond(SimulateSettings settings) => settings.Bandwidth is { } gigabits ? gigabits * 1e9 / 8 : double.PositiveInfinity;

    private static ImmutableArray<double>? Speeds(SimulateSettings settings)
    {
        if (settings.Slow.Length == 0)
            return null;
        var speeds = Enumerable.Repeat(1.0, settings.Devices).ToArray();
        foreach (var text in settings.Slow)
            if (SlowDevice.TryParse(text, settings.Devices, out var slow))
                speeds[slow.Device] = 1 / slow.Factor;
        return [.. speeds];
    }

    // Enough of them to last until the end, which each puts off by a step and the recovery at most.
    private static ImmutableArray<DeviceFailure> Failures(SimulateSettings settings, Schedule schedule, CostModel costs, SimulationOptions options)
    {
        var without = PipelineSimulator.Simulate(schedule, costs, options with { KeepTimeline = false });
        var (every, recovery) = (settings.FailEvery!.Value * Milliseconds, settings.RePlan * Milliseconds);
        var progress = every - recovery - without.StepEnds[0];
        if (progress <= 0)
            throw new PlanException(Text(
                $"--fail-every {settings.FailEvery} ms never lets a step end: a step takes {without.StepEnds[0] / Milliseconds:F3} ms and --re-plan {settings.RePlan} ms"));
        var count = (int)Math.Ceiling(without.Makespan / progress) + 1;
        return [.. Enumerable.Range(1, count).Select(i => new DeviceFailure((i - 1) % settings.Devices, i * every, recovery))];
    }

    private static ImmutableArray<double> Peaks(SimulationResult result) =>
        [.. result.DevicePeakInFlight.Select(peak => (double)peak / result.Schedule.Shape.ChunksPerDevice).Order()];

    private static string Json(SimulateSettings settings, SimulationResult result, ImmutableArray<double> peaks, double? formula) => JsonSerializer.Serialize(
        new
        {
            Schedule = result.Schedule.Name,
            settings.Devices,
            result.Schedule.Shape.ChunksPerDevice,
            settings.MicroBatches,
            settings.Steps,
            result.StepSeconds,
            Bubble = result.StepBubbleFraction,
            ClosedFormBubble = formula,
            PeakMin = peaks[0],
            PeakMedian = peaks[peaks.Length / 2],
            PeakMax = peaks[^1],
            Fits = settings.Memory is { } most ? peaks[^1] <= most : (bool?)null,
            result.Restarts,
            result.LostSeconds,
        },
        JsonSerializerOptions.Web);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
