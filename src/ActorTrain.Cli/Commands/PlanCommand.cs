using System.Globalization;
using ActorTrain.Cli.Output;
using ActorTrain.Compute.Devices;
using ActorTrain.Core.Drawing;
using ActorTrain.Core.Plans;
using ActorTrain.Core.Settings;
using ActorTrain.Core.Simulation;
using ActorTrain.Hosting.Runs;
using Spectre.Console;
using Spectre.Console.Cli;

namespace ActorTrain.Cli.Commands;

/// <summary>Shows how a job would be cut into stages, and what that takes.</summary>
internal sealed class PlanCommand : AsyncCommand<PlanSettings>
{
    // A pipe has no width of its own, and a table cut to a terminal's is hard to read in a file.
    private const int RedirectedWidth = 140;

    /// <inheritdoc/>
    public override async Task<int> ExecuteAsync(CommandContext context, PlanSettings settings, CancellationToken cancellationToken)
    {
        if (Console.IsOutputRedirected)
            AnsiConsole.Profile.Width = RedirectedWidth;
        using var read = LoadedJob.Load(settings.Job, settings.Set);
        using var pinned = settings.Profile is null ? await MicroBatchChoice.PinAsync(read, null, Note).ConfigureAwait(false) : null;
        var loaded = pinned ?? read;
        var job = loaded.Job;
        var devices = Planner.Devices(job);
        Planner.Numerics(job, devices, Note);
        var profile = settings.Profile is { } measured ? await Planner.ReadProfileAsync(job, measured).ConfigureAwait(false) : null;
        (var choice, profile) = profile is null
            ? await Planner.MakeAsync(job, devices, new DeviceExecutorOptions(), cache: null).ConfigureAwait(false)
            : (Planner.Choose(job, devices, profile), profile);
        var plan = choice.Best.Plan;
        if (settings.Json)
        {
            Console.WriteLine(PlanReport.ToJson(choice));
        }
        else
        {
            AnsiConsole.Write(Table(plan, profile));
            AnsiConsole.Write(PlanReport.Memory(choice));
            AnsiConsole.WriteLine(Text($"schedule {plan.Schedule.Name}, {plan.Schedule.Shape.MicroBatches} micro-batches: predicted {plan.StepSeconds:F3} s a step, bubble {plan.BubbleFraction:P1}"));
            AnsiConsole.WriteLine(Text($"with uniform stages the bubble of 1f1b would be (p-1)/(m+p-1) = {Formula(plan):P1}"));
            AnsiConsole.WriteLine(Recompute(plan, profile));
            if (!choice.Rejected.IsEmpty)
                AnsiConsole.Write(PlanReport.Rejected(choice));
        }

        if (!settings.Draw && settings.Svg is null && settings.Png is null)
            return ExitCode.Done;
        var drawing = PipelineSimulator.Simulate(
            plan.Schedule,
            new PlanPredictor(profile).Costs(plan.Partition, [.. plan.Devices.Select(d => new PlanDevice(d))], plan.Schedule, plan.Recompute));
        if (settings.Draw)
            Console.WriteLine(ScheduleDrawing.ToText(drawing));
        if (settings.Svg is { } file)
            await File.WriteAllTextAsync(file, ScheduleDrawing.ToSvg(drawing), cancellationToken).ConfigureAwait(false);
        if (settings.Png is { } png)
            PngPicture.Write(png, ScheduleDrawing.ToPicture(drawing));
        return ExitCode.Done;
    }

    private static void Note(string text) => AnsiConsole.MarkupLineInterpolated($"[yellow]{text}[/]");

    private static Table Table(PipelinePlan plan, ModelProfile profile)
    {
        var table = new Table().RoundedBorder().AddColumns("stage", "device", "layers", "F ms", "BW ms", "parameters", "activations", "memory");
        for (var stage = 0; stage < plan.Partition.Stages; stage++)
        {
            var range = plan.Partition[stage];
            var layers = range.Layers.Select(i => profile.Layers[i]).ToList();
            var memory = MemoryEstimate.OfStage(profile, range, plan.Schedule.Credits[stage], plan.Recompute, Splits(plan, stage));
            table.AddRow(
                Text($"{stage}"),
                plan.DeviceOf(stage).ToString(),
                layers.Count == 1 ? layers[0].Name : $"{layers[0].Name} … {layers[^1].Name}",
                Text($"{layers.Sum(l => l.ForwardSeconds) * 1e3:F2}"),
                Text($"{range.Layers.Sum(i => profile.Layers[i].BackwardSecondsWith(plan.Recompute[i])) * 1e3:F2}"),
                Size(memory.Parameters),
                Size(memory.Activations + memory.Recomputation),
                Size(memory.Total));
        }

        return table;
    }

    private static string Recompute(PipelinePlan plan, ModelProfile profile)
    {
        long Total(RecomputePolicy policy) => plan.Schedule.Peaks.Sum(peaks => MemoryEstimate.OfDevice(
            profile, plan.Partition, peaks, [.. Enumerable.Repeat(policy, profile.Layers.Length)]).Total);
        var (none, full) = (Total(RecomputePolicy.None), Total(RecomputePolicy.Full));
        return Text($"memory of all devices: {Size(none)} with recompute = none, {Size(full)} with full, which saves {Size(none - full)}");
    }

    private static bool Splits(PipelinePlan plan, int stage) => !plan.Schedule.SplitMicroBatches(stage).IsEmpty;

    private static double Formula(PipelinePlan plan) =>
        (plan.Devices.Length - 1.0) / (plan.Schedule.Shape.MicroBatches + plan.Devices.Length - 1);

    private static string Size(long bytes) => Text($"{bytes / (1024.0 * 1024):N1} MiB");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
