using System.Collections.Immutable;
using System.Globalization;

namespace ActorTrain.Core.Plans;

/// <summary>The plan that was chosen, and those that were not.</summary>
/// <param name="Best">The chosen plan.</param>
/// <param name="Rejected">For each other combination of schedule, chunks, micro-batches and number of devices its best plan, the fastest first and those that do not fit last.</param>
public sealed record PlanChoice(PlanCandidate Best, ImmutableArray<PlanCandidate> Rejected)
{
    /// <summary>Why a plan was not chosen.</summary>
    /// <param name="candidate">One of <see cref="Rejected"/>.</param>
    public string WhyNot(PlanCandidate candidate)
    {
        if (candidate.WorstOver is var (device, bytes))
            return string.Create(
                CultureInfo.InvariantCulture,
                $"over memory on {candidate.Plan.Devices[device]} (device {device}) by {bytes / (1024.0 * 1024):N1} MiB");
        var slower = candidate.Plan.StepSeconds / Best.Plan.StepSeconds - 1;
        return slower < 0.0005 ? "as fast, but no better" : string.Create(CultureInfo.InvariantCulture, $"slower by {slower:P1}");
    }
}

/// <summary>A plan, and the memory of its devices.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="Limits">For each of its devices the memory that it may fill, or null.</param>
public sealed record PlanCandidate(PipelinePlan Plan, ImmutableArray<long?> Limits)
{
    /// <summary>The device that lacks the most memory, and how much; null when the plan fits.</summary>
    public (int Device, long Bytes)? WorstOver
    {
        get
        {
            (int Device, long Bytes)? worst = null;
            for (var device = 0; device < Limits.Length; device++)
                if (Limits[device] is { } limit && Plan.Memory[device].Total - limit is > 0 and var over && !(worst?.Bytes >= over))
                    worst = (device, over);
            return worst;
        }
    }

    /// <summary>Whether each device has the memory that it needs.</summary>
    public bool Fits => WorstOver is null;

    /// <summary>Whether this one is to be taken rather than another: it fits, or lacks less, or is faster.</summary>
    /// <param name="other">The other; null for none.</param>
    public bool IsBetterThan(PlanCandidate? other)
    {
        if (other is null)
            return true;
        var (mine, others) = (WorstOver?.Bytes ?? 0, other.WorstOver?.Bytes ?? 0);
        return mine != others ? mine < others : Plan.StepSeconds < other.Plan.StepSeconds * (1 - 1e-9);
    }
}
