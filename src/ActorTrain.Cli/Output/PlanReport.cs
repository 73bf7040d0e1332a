using System.Globalization;
using System.Text.Json;
using ActorTrain.Core.Plans;
using ActorTrain.Core.Settings;
using Spectre.Console;

namespace ActorTrain.Cli.Output;

/// <summary>Shows what the planner chose and what it did not.</summary>
internal static class PlanReport
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>What each device of the chosen plan needs and has.</summary>
    public static Table Memory(PlanChoice choice)
    {
        var plan = choice.Best.Plan;
        var table = new Table().RoundedBorder().AddColumns("device", "parameters, gradients, optimizer", "activations", "in all", "has");
        for (var device = 0; device < plan.Devices.Length; device++)
        {
            var memory = plan.Memory[device];
            table.AddRow(
                plan.Devices[device].ToString(),
                Size(memory.Parameters + memory.Gradients + memory.OptimizerState),
                Size(memory.Activations + memory.Recomputation),
                Size(memory.Total),
                choice.Best.Limits[device] is { } limit ? Size(limit) : "no limit");
        }

        return table;
    }

    /// <summary>The plans that were not chosen, and why.</summary>
    public static Table Rejected(PlanChoice choice)
    {
        var table = new Table().RoundedBorder().Title("rejected").AddColumns(
            "schedule", "devices", "chunks", "micro-batches", "partition", "recomputed", "s a step", "bubble", "most memory", "why");
        foreach (var candidate in choice.Rejected)
        {
            var plan = candidate.Plan;
            table.AddRow(
                plan.Schedule.Name,
                Text($"{plan.Devices.Length}"),
                Text($"{plan.Schedule.Shape.ChunksPerDevice}"),
                Text($"{plan.Schedule.Shape.MicroBatches}"),
                plan.Partition.ToString(),
                Text($"{Recomputed(plan)}"),
                Text($"{plan.StepSeconds:F3}"),
                Text($"{plan.BubbleFraction:P1}"),
                Size(plan.Memory.Max(memory => memory.Total)),
                choice.WhyNot(candidate));
        }

        return table;
    }

    /// <summary>The chosen plan and the others in JSON; times in seconds, memory in bytes.</summary>
    public static string ToJson(PlanChoice choice) => JsonSerializer.Serialize(
        new { plan = Describe(choice.Best, null), rejected = choice.Rejected.Select(c => Describe(c, choice.WhyNot(c))) }, Options);

    private static object Describe(PlanCandidate candidate, string? why)
    {
        var plan = candidate.Plan;
        return new
        {
            schedule = plan.Schedule.Name,
            microBatches = plan.Schedule.Shape.MicroBatches,
            chunksPerDevice = plan.Schedule.Shape.ChunksPerDevice,
            partition = plan.Partition.Counts,
            recompute = plan.Recompute.Select(policy => policy.ToString().ToLowerInvariant()),
            stepSeconds = plan.StepSeconds,
            bubble = plan.BubbleFraction,
            devices = plan.Devices.Select((device, i) => new
            {
                name = device.ToString(),
                memoryBytes = plan.Memory[i].Total,
                limitBytes = candidate.Limits[i],
            }),
            why,
        };
    }

    private static int Recomputed(PipelinePlan plan) => plan.Recompute.Count(policy => policy == RecomputePolicy.Full);

    private static string Size(long bytes) => Text($"{bytes / (1024.0 * 1024):N1} MiB");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
