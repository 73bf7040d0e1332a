using ActorTrain.Core.Plans;
using ActorTrain.Core.Settings;
using CsCheck;

namespace ActorTrain.Core.Tests.Plans;

public sealed class PartitionPlannerTests
{
    private static readonly Gen<(double[] Seconds, int Stages)> Models =
        from seconds in Gen.Int[0, 9].Select(n => (double)n).Array[1, 9]
        from stages in Gen.Int[1, seconds.Length]
        select (seconds, stages);

    [Fact]
    public void A_balanced_partition_is_the_best_of_all() =>
        Models.Sample((seconds, stages) =>
        {
            var best = AllPartitions(seconds.Length, stages).MinBy(counts => Rank(counts, seconds, null), RankOrder)!;
            Assert.Equal(new Partition([.. best]), PartitionPlanner.Balance(seconds, stages));
        });

    [Fact]
    public void A_balanced_partition_is_the_best_of_all_for_devices_of_different_speeds() =>
        (from model in Models
         from speeds in Gen.OneOf(0.5, 1.0, 2.0, 4.0).Array[model.Stages]
         select (model.Seconds, speeds)).Sample((seconds, speeds) =>
        {
            var best = AllPartitions(seconds.Length, speeds.Length).MinBy(counts => Rank(counts, seconds, speeds), RankOrder)!;
            Assert.Equal(new Partition([.. best]), PartitionPlanner.Balance(seconds, speeds.Length, speeds));
        });

    [Theory]
    [InlineData(10, 4, "2, 2, 3, 3")]
    [InlineData(7, 3, "2, 2, 3")]
    [InlineData(3, 3, "1, 1, 1")]
    public void Later_stages_get_the_extra_layers(int layers, int stages, string expected) =>
        Assert.Equal(expected, PartitionPlanner.Balance([.. Enumerable.Repeat(0.1, layers)], stages).ToString());

    [Fact]
    public void A_heavy_layer_does_not_leave_the_others_uneven() =>
        Assert.Equal("4, 4, 1", PartitionPlanner.Balance([1, 1, 1, 1, 1, 1, 1, 1, 100], 3).ToString());

    [Fact]
    public void Recomputed_layers_weigh_their_second_forward()
    {
        var layer = new LayerCost("h", 1, 2, 1, 1, 0, 0, 0, 0, 0);
        RecomputePolicy[] recompute = [RecomputePolicy.Full, RecomputePolicy.Full, RecomputePolicy.Full,
            RecomputePolicy.None, RecomputePolicy.None, RecomputePolicy.None, RecomputePolicy.None];

        var partition = PartitionPlanner.Balance([.. Enumerable.Repeat(layer, 7)], recompute, 2);

        Assert.Equal("3, 4", partition.ToString());
    }

    [Theory]
    [InlineData(0, "0 stages cannot be; at least 1 is right")]
    [InlineData(3, "2 layers do not fill 3 stages; at most 2 stages are right")]
    public void A_number_of_stages_that_cannot_be_is_refused(int stages, string message) =>
        Assert.Equal(message, Assert.Throws<PlanException>(() => PartitionPlanner.Balance([1, 1], stages)).Message);

    [Theory]
    [InlineData(double.NaN, 1, "layer 1 takes NaN s; a time is finite and not negative")]
    [InlineData(-1, 1, "layer 1 takes -1 s; a time is finite and not negative")]
    [InlineData(1, 0, "stage 1 has a device of speed 0; a speed is finite and more than 0")]
    public void Times_and_speeds_that_cannot_be_are_refused(double seconds, double speed, string message) =>
        Assert.Equal(message, Assert.Throws<PlanException>(() => PartitionPlanner.Balance([1, seconds], 2, [1, speed])).Message);

    private static IEnumerable<int[]> AllPartitions(int layers, int stages) => stages == 1
        ? [[layers]]
        : Enumerable.Range(1, layers - stages + 1).SelectMany(first =>
            AllPartitions(layers - first, stages - 1).Select(rest => (int[])[first, .. rest]));

    private static double[] Rank(int[] counts, double[] seconds, double[]? speeds)
    {
        var times = new double[counts.Length];
        for (int stage = 0, first = 0; stage < counts.Length; first += counts[stage++])
            times[stage] = seconds.Skip(first).Take(counts[stage]).Sum() / (speeds?[stage] ?? 1);
        return [times.Max(), times.Sum(t => t * t), .. counts.Select(c => (double)c)];
    }

    private static readonly Comparer<double[]> RankOrder =
        Comparer<double[]>.Create((a, b) => a.AsSpan().SequenceCompareTo(b));
}
