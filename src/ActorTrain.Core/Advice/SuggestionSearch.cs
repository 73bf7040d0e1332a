using System.Collections.Immutable;
using ActorTrain.Core.Plans;
using ActorTrain.Core.Schedules;
using ActorTrain.Core.Settings;

namespace ActorTrain.Core.Advice;

/// <summary>Plans that a job could have, and the settings that lead to them.</summary>
/// <param name="request">The job.</param>
/// <param name="present">The plan that it has.</param>
/// <param name="judge">Judges plans.</param>
internal sealed class SuggestionSearch(AdviceRequest request, PlanCandidate present, PlanJudge judge)
{
    /// <summary>Changes of the plan: one setting at a time, then all that keep the bits, then all.</summary>
    public IEnumerable<Suggestion> Find()
    {
        var now = request.Present;
        foreach (var schedule in request.Schedules.Where(s => s.Name != present.Plan.Schedule.Name))
            if (Best(now with { Schedules = [schedule], MoreChunks = true, Partition = PartitionFor(schedule) }) is { } other)
                yield return Suggest(now, other, null, schedule.Description);
        if (now.Partition is not null && Best(now with { Partition = null }) is { } cut)
            yield return Suggest(now, cut, null, "stages whose measured times are even");
        if (now.Recompute is not null && Best(now with { Recompute = null }) is { } kept)
            yield return Suggest(now, kept, null, "recomputing only the layers for which memory is short");
        if (Best(Free(now)) is { } free)
            yield return Suggest(now, free, null, "the fastest plan with the same bits");
        foreach (var variant in request.Variants)
        {
            var under = Under(variant);
            if (Best(under) is { } only)
                yield return Suggest(under, only, variant, variant.Reason);
            if (Best(Free(under)) is { } all)
                yield return Suggest(under, all, variant, $"{variant.Reason}; with the fastest plan for that");
        }
    }

    /// <summary>Changes of the wire, under the present plan.</summary>
    public IEnumerable<Suggestion> FindCodecs()
    {
        if (!request.Present.Devices.SkipLast(1).Any(d => d.Link.SecondsPerByte > 0))
            return [];
        return request.Codecs.Select(wire => new Suggestion
        {
            Settings = [new("wire.activations", wire.Activations), new("wire.gradients", wire.Gradients)],
            StepSeconds = Seconds(request.Present, present, wire.Sizes),
            Gain = null,
            Bits = wire.IsLossless ? BitsEffect.Same : BitsEffect.Lossy,
            Reason = FormattableString.Invariant($"{(wire.Sizes.Activations + wire.Sizes.Gradients) / 2:P0} of the bytes of fp32 on the wire"),
            Candidate = present,
        });
    }

    /// <summary>The predicted time of a step of a plan.</summary>
    public double Seconds(PlanRequest under, PlanCandidate candidate, WireSizes sizes) => judge.Seconds(
        under.Profile, [.. under.Devices.Take(candidate.Plan.Devices.Length)], candidate.Plan, sizes);

    private PlanRequest Under(AdviceVariant variant) => request.Present with
    {
        Profile = variant.Profile,
        ProfiledMicroBatches = variant.MicroBatches,
        Devices = variant.Devices,
        // A partition is of one number of devices.
        Partition = variant.Devices.Length == request.Present.Devices.Length ? request.Present.Partition : null,
    };

    private PlanRequest Free(PlanRequest under) =>
        under with { Schedules = request.Schedules, Partition = null, Recompute = null, MoreChunks = true };

    /// <summary>A pinned partition stays pinned for schedules that have as many stages.</summary>
    private Partition? PartitionFor(IScheduleFactory schedule) =>
        request.Present.Partition is { } cut && cut.Stages == request.Present.Devices.Length * schedule.DefaultChunksPerDevice ? cut : null;

    /// <summary>The plan that is fastest under the run's conditions, of those that fit.</summary>
    private PlanCandidate? Best(PlanRequest under)
    {
        try
        {
            var choice = PlanSearch.Choose(under);
            return choice.Rejected.Prepend(choice.Best).Where(c => c.Fits).MinBy(c => Seconds(under, c, request.Sizes));
        }
        catch (Exception e) when (e is PlanException or ScheduleException)
        {
            // Not every change is possible: there are schedules that want more layers than the model has.
            return null;
        }
    }

    private Suggestion Suggest(PlanRequest under, PlanCandidate candidate, AdviceVariant? variant, string reason) => new()
    {
        Settings = [.. Settings(under, candidate, variant)],
        StepSeconds = Seconds(under, candidate, request.Sizes),
        Gain = null,
        Bits = variant is null ? BitsEffect.Same : BitsEffect.LastBits,
        Reason = reason,
        Candidate = candidate,
    };

    /// <summary>What the job has to say so that it gets the plan.</summary>
    private IEnumerable<SuggestedSetting> Settings(PlanRequest under, PlanCandidate candidate, AdviceVariant? variant)
    {
        var (plan, now) = (candidate.Plan, present.Plan);
        if (variant is not null)
            yield return variant.Setting;
        if (plan.Schedule.Name != now.Schedule.Name)
            yield return new("pipeline.schedule", plan.Schedule.Name);
        var usual = request.Schedules.FirstOrDefault(s => s.Name == plan.Schedule.Name)?.DefaultChunksPerDevice ?? now.Schedule.Shape.ChunksPerDevice;
        if (plan.Devices.Length != under.Devices.Length && plan.Devices.Length != now.Devices.Length)
            yield return new("pipeline.devices", $"[{string.Join(", ", plan.Devices.Select(d => $"\"{d}\""))}]");
        if (usual != plan.Schedule.Shape.ChunksPerDevice || (request.Present.Partition is not null && plan.Partition != request.Present.Partition))
            yield return new("pipeline.partition", $"[{plan.Partition}]");
        if (request.Present.Recompute is { } pinned && !plan.Recompute.SequenceEqual(pinned))
            yield return new("pipeline.recompute", Recompute(plan.Recompute));
    }

    private static string Recompute(ImmutableArray<RecomputePolicy> policies) => policies.Distinct().Count() == 1
        ? Name(policies[0])
        : $"[{string.Join(", ", policies.Select(Name))}]";

    private static string Name(RecomputePolicy policy) => policy.ToString().ToLowerInvariant();
}
