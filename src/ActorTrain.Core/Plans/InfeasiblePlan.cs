using System.Globalization;
using ActorTrain.Core.Settings;

namespace ActorTrain.Core.Plans;

/// <summary>Says in numbers why nothing fits, and what would.</summary>
internal static class InfeasiblePlan
{
    /// <summary>How many more devices are tried, relative to those that there are.</summary>
    private const int MoreDevices = 4;

    private const int SmallerMicroBatches = 64;

    /// <summary>The message.</summary>
    /// <param name="request">What nothing fits.</param>
    /// <param name="nearest">The plan that lacks the least.</param>
    public static string Explain(PlanRequest request, PlanCandidate nearest)
    {
        var (plan, (device, over)) = (nearest.Plan, nearest.WorstOver!.Value);
        var memory = plan.Memory[device];
        var recomputed = plan.Recompute.Count(policy => policy == RecomputePolicy.Full);
        var hints = Hints(request, plan).ToList();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"no plan fits the memory. The nearest is {plan.Schedule.Name} with {plan.Schedule.Shape.MicroBatches} micro-batches and {recomputed} of "
            + $"{plan.Recompute.Length} layers recomputed: {plan.Devices[device]} (device {device}) needs {Size(memory.Total)} "
            + $"(parameters, gradients and optimizer {Size(memory.Parameters + memory.Gradients + memory.OptimizerState)}, activations {Size(memory.Activations + memory.Recomputation)}) "
            + $"and has {Size(memory.Total - over)}, {Size(over)} too little. ")
            + (hints.Count > 0 ? $"What would fit: {string.Join("; ", hints)}" : "Neither recomputing, nor smaller micro-batches, nor four times the devices would fit");
    }

    private static IEnumerable<string> Hints(PlanRequest request, PipelinePlan nearest)
    {
        var free = request with { Partition = null, Schedules = [.. request.Schedules.Where(s => s.Name == nearest.Schedule.Name)] };
        if (request.Partition is not null && Fits(free))
            yield return "partition = auto";
        free = free with { Recompute = null };
        if (request.Recompute is not null && Fits(free))
            yield return "recompute = auto";
        var microBatches = nearest.Schedule.Shape.MicroBatches;
        for (var factor = 2; factor <= SmallerMicroBatches; factor *= 2)
        {
            if (!Fits(free with { MicroBatches = [microBatches * factor] }))
                continue;
            yield return $"{microBatches * factor} micro-batches, so of 1/{factor} of the size";
            break;
        }

        var (devices, layers) = (request.Devices.Length, request.Profile.Layers);
        if (Nearest(devices, Math.Min(devices * MoreDevices, layers.Length), count => Fits(free with
        {
            Devices = [.. request.Devices, .. Enumerable.Repeat(request.Devices[^1], count - devices)],
        })) is { } more)
            yield return $"{more} devices, the further ones as the last";
        // The last layer stays: it is the head that turns into the loss.
        if (Nearest(layers.Length, 1, count => Fits(free with
        {
            Profile = request.Profile with { Layers = [.. layers.Take(count - 1), layers[^1]] },
            FewerDevices = true,
        })) is { } fewer)
            yield return $"{fewer} layers instead of {layers.Length}";
    }

    /// <summary>The number nearest to one that does not fit, on the way to a last one, that fits; null when the last does not.</summary>
    private static int? Nearest(int no, int last, Func<int, bool> fits)
    {
        if (no == last || !fits(last))
            return null;
        var yes = last;
        while (Math.Abs(yes - no) > 1)
            if ((yes + no) / 2 is var middle && fits(middle))
                yes = middle;
            else
                no = middle;
        return yes;
    }

    private static bool Fits(PlanRequest request)
    {
        try
        {
            return PlanSearch.Choose(request).Best.Fits;
        }
        catch (Exception e) when (e is PlanException or Schedules.ScheduleException)
        {
            return false;
        }
    }

    private static string Size(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / (1024.0 * 1024):N1} MiB");
}
