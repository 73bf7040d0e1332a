using System.Collections.Immutable;
using ActorTrain.Core.Schedules;
using ActorTrain.Core.Settings;

namespace ActorTrain.Core.Plans;

/// <summary>A schedule on some devices, for which partition and recomputation are sought.</summary>
internal sealed class PlanCombination(
    ModelProfile profile,
    ImmutableArray<PlanDevice> devices,
    Schedule schedule,
    ImmutableArray<RecomputePolicy>? recompute,
    Partition? partition,
    int fewPartitions)
{
    private readonly PlanPredictor _predictor = new(profile);
    private readonly ImmutableArray<long?> _limits = [.. devices.Select(d => d.MemoryBytes)];
    private readonly int _layers = profile.Layers.Length;
    private readonly int _stages = schedule.Shape.Chunks;

    private readonly ImmutableArray<RecomputePolicy> _none = [.. Enumerable.Repeat(RecomputePolicy.None, profile.Layers.Length)];
    private readonly ImmutableArray<RecomputePolicy> _full = [.. Enumerable.Repeat(RecomputePolicy.Full, profile.Layers.Length)];

    private bool IsSmall => partition is not null || CountPartitions() <= fewPartitions;

    /// <summary>The best plan of the partitions that are tried first.</summary>
    public PlanCandidate First() =>
        Partitions().Distinct().Select(Judge).Aggregate((best, next) => next.IsBetterThan(best) ? next : best);

    /// <summary>Moves single layers across borders between stages for as long as that makes the plan better.</summary>
    /// <param name="best">The plan to begin with.</param>
    /// <param name="actions">How many actions may be simulated.</param>
    public PlanCandidate Improve(PlanCandidate best, long actions)
    {
        if (IsSmall)
            return best;
        for (var improved = true; improved;)
        {
            improved = false;
            foreach (var neighbour in Neighbours(best.Plan.Partition))
            {
                actions -= 3L * _stages * schedule.Shape.MicroBatches;
                if (actions < 0)
                    return best;
                if (Judge(neighbour) is var candidate && candidate.IsBetterThan(best))
                {
                    (best, improved) = (candidate, true);
                    break;
                }
            }
        }

        return best;
    }

    private IEnumerable<Partition> Partitions()
    {
        if (partition is not null)
            return [partition.Require(_layers, _stages)];
        if (IsSmall)
            return All(_layers, _stages).Select(counts => new Partition([.. counts]));
        var candidates = new List<Partition?> { Bottleneck(_none, withinMemory: false) };
        if (recompute is { } given)
            candidates = [Bottleneck(given, withinMemory: false), Bottleneck(given, withinMemory: true)];
        else if (!Fits(candidates[0]!, _none))
            candidates.AddRange([Bottleneck(_none, withinMemory: true), Bottleneck(_full, withinMemory: true), Bottleneck(_full, withinMemory: false)]);
        return candidates.OfType<Partition>();
    }

    /// <summary>The best plan of a partition. Recomputing costs time only, so nothing else is tried when all fits without.</summary>
    private PlanCandidate Judge(Partition cut)
    {
        if (recompute is { } given)
            return Predict(cut, given);
        if (Fits(cut, _none))
            return Predict(cut, _none);
        var some = Predict(cut, RecomputeChooser.Choose(profile, cut, schedule, devices));
        return Predict(cut, _full) is var all && all.IsBetterThan(some) ? all : some;
    }

    private bool Fits(Partition cut, ImmutableArray<RecomputePolicy> policies) => !schedule.Peaks.Where((peaks, device) =>
        _limits[device] is { } limit && MemoryEstimate.OfDevice(profile, cut, peaks, policies).Total > limit).Any();

    private PlanCandidate Predict(Partition cut, ImmutableArray<RecomputePolicy> policies) =>
        new(_predictor.Predict(cut, devices, schedule, policies), _limits);

    /// <summary>Memory is regarded where each device has one stage; several share a device's in ways that a cut cannot know.</summary>
    private Partition? Bottleneck(ImmutableArray<RecomputePolicy> policies, bool withinMemory)
    {
        var until = new double[_layers + 1];
        for (var layer = 0; layer < _layers; layer++)
            until[layer + 1] = until[layer] + profile.Layers[layer].ForwardSeconds + profile.Layers[layer].BackwardSecondsWith(policies[layer]);
        until[_layers] += profile.LossSeconds;
        ImmutableArray<PlanLink> links = [.. Enumerable.Range(0, _stages - 1)
            .Select(stage => PlanLink.Between(devices, schedule.Placement[stage], schedule.Placement[stage + 1]))];
        return new BottleneckPartition(
            _layers,
            _stages,
            (stage, first, end) => (until[end] - until[first]) / devices[schedule.Placement[stage]].Speed,
            // Activations and gradients cross an edge side by side, while the stage works on both.
            (stage, end) => profile.Layers[end - 1].OutputBytes * links[stage].SecondsPerByte,
            (stage, first, end) => !withinMemory || schedule.Shape.ChunksPerDevice > 1 || StageFits(stage, first, end, policies)).Solve();
    }

    private bool StageFits(int stage, int first, int end, ImmutableArray<RecomputePolicy> policies)
    {
        var device = schedule.Placement[stage];
        if (_limits[device] is not { } limit)
            return true;
        return MemoryEstimate.OfDevice(profile, [new LayerRange(first, end - first)], schedule.Peaks[device], policies).Total <= limit;
    }

    private static IEnumerable<Partition> Neighbours(Partition cut)
    {
        int[] counts = [.. cut.Counts];
        for (var stage = 0; stage < counts.Length - 1; stage++)
            foreach (var (from, to) in new[] { (stage, stage + 1), (stage + 1, stage) })
            {
                if (counts[from] == 1)
                    continue;
                (counts[from], counts[to]) = (counts[from] - 1, counts[to] + 1);
                yield return new Partition(counts);
                (counts[from], counts[to]) = (counts[from] + 1, counts[to] - 1);
            }
    }

    /// <summary>Binomial(layers − 1, stages − 1), or more than few.</summary>
    private double CountPartitions()
    {
        var count = 1.0;
        for (var i = 1; i < _stages && count <= 1e15; i++)
            count = count * (_layers - i) / i;
        return count;
    }

    private static IEnumerable<int[]> All(int layers, int stages) => stages == 1
        ? [[layers]]
        : Enumerable.Range(1, layers - stages + 1).SelectMany(first => All(layers - first, stages - 1).Select(rest => (int[])[first, .. rest]));
}
