using System.Collections.Immutable;
using ActorTrain.Core.Settings;

namespace ActorTrain.Core.Plans;

/// <summary>Cuts a model into stages of consecutive layers so that the slowest stage is as fast as it can be.</summary>
public static class PartitionPlanner
{
    /// <summary>
    /// Sums of the same layers' times in another order differ in their last bits; times this close, relative to the
    /// greater, are the same.
    /// </summary>
    private const double Tolerance = 1e-9;

    /// <summary>
    /// The best partition, by exact dynamic programming in O(stages × layers²): the slowest stage is as fast as it can
    /// be; among those partitions the squares of the stages' times have the least sum, so that the other stages are even
    /// too; among those the earliest stages have the fewest layers, so that later stages get the extra ones, which 1F1B
    /// gives less to hold.
    /// </summary>
    /// <param name="seconds">For each layer its time.</param>
    /// <param name="stages">How many stages there shall be.</param>
    /// <param name="speeds">For each stage its device's speed, 1 for the one that the times are of; null when all are equal.</param>
    /// <exception cref="PlanException">There are fewer layers than stages, or a time or speed makes no sense.</exception>
    public static Partition Balance(IReadOnlyList<double> seconds, int stages, IReadOnlyList<double>? speeds = null)
    {
        Check(seconds, stages, speeds);
        var until = new double[seconds.Count + 1];
        for (var layer = 0; layer < seconds.Count; layer++)
            until[layer + 1] = until[layer] + seconds[layer];

        var slowest = Solve(seconds.Count, stages, Time, Math.Max).Best;
        var counts = Solve(seconds.Count, stages, SquareWithin, (square, rest) => square + rest).Counts;
        return new Partition(counts.AsSpan());

        double Time(int stage, int first, int end) => (until[end] - until[first]) / (speeds?[stage] ?? 1);

        double SquareWithin(int stage, int first, int end)
        {
            var time = Time(stage, first, end);
            return time <= slowest * (1 + Tolerance) ? time * time : double.PositiveInfinity;
        }
    }

    /// <summary>The best partition for measured layers; a layer's time is that of F and BW, recomputation included.</summary>
    /// <param name="layers">For each layer its costs.</param>
    /// <param name="recompute">For each layer its policy.</param>
    /// <param name="stages">How many stages there shall be.</param>
    /// <param name="speeds">For each stage its device's speed, 1 for the profiled one; null when all are equal.</param>
    /// <exception cref="PlanException">There are fewer layers than stages, a policy is missing, or a time or speed makes no sense.</exception>
    public static Partition Balance(
        IReadOnlyList<LayerCost> layers,
        IReadOnlyList<RecomputePolicy> recompute,
        int stages,
        IReadOnlyList<double>? speeds = null)
    {
        if (recompute.Count != layers.Count)
            throw new PlanException($"there are {recompute.Count} recompute policies for {layers.Count} layers; one for each is right");
        return Balance([.. layers.Zip(recompute, (l, r) => l.ForwardSeconds + l.BackwardSecondsWith(r))], stages, speeds);
    }

    private static void Check(IReadOnlyList<double> seconds, int stages, IReadOnlyList<double>? speeds)
    {
        if (stages < 1)
            throw new PlanException($"{stages} stages cannot be; at least 1 is right");
        if (seconds.Count < stages)
            throw new PlanException($"{seconds.Count} layers do not fill {stages} stages; at most {seconds.Count} stages are right");
        for (var layer = 0; layer < seconds.Count; layer++)
            if (!double.IsFinite(seconds[layer]) || seconds[layer] < 0)
                throw new PlanException($"layer {layer} takes {seconds[layer]} s; a time is finite and not negative");
        if (speeds is null)
            return;
        if (speeds.Count != stages)
            throw new PlanException($"there are {speeds.Count} speeds for {stages} stages; one for each is right");
        for (var stage = 0; stage < stages; stage++)
            if (!double.IsFinite(speeds[stage]) || speeds[stage] <= 0)
                throw new PlanException($"stage {stage} has a device of speed {speeds[stage]}; a speed is finite and more than 0");
    }

    /// <summary>
    /// Cuts layers into stages so that the stages' costs, combined from the last to the first, are least; of cuts that
    /// cost the same, the one whose earliest stages have the fewest layers.
    /// </summary>
    private static (double Best, ImmutableArray<int> Counts) Solve(
        int layers, int stages, Func<int, int, int, double> cost, Func<double, double, double> combine)
    {
        // best[s, f]: layers f and after in stages s and after. Its first stage ends before layer cut[s, f].
        var best = new double[stages + 1, layers + 1];
        var cut = new int[stages, layers + 1];
        for (var first = 0; first < layers; first++)
            best[stages, first] = double.PositiveInfinity;
        for (var stage = stages - 1; stage >= 0; stage--)
        {
            for (var first = 0; first <= layers; first++)
            {
                best[stage, first] = double.PositiveInfinity;
                for (var end = first + 1; end <= layers; end++)
                {
                    var total = combine(cost(stage, first, end), best[stage + 1, end]);
                    if (total >= best[stage, first] * (1 - Tolerance))
                        continue;
                    best[stage, first] = total;
                    cut[stage, first] = end;
                }
            }
        }

        var counts = ImmutableArray.CreateBuilder<int>(stages);
        for (int stage = 0, first = 0; stage < stages; first = cut[stage++, first])
            counts.Add(cut[stage, first] - first);
        return (best[0, 0], counts.MoveToImmutable());
    }
}
