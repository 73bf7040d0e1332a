using ActorTrain.Compute.Models;
using ActorTrain.Compute.Tests.Support;
using ActorTrain.Core.Schedules;
using CsCheck;

namespace ActorTrain.Compute.Tests.Stages;

public sealed class PartitionTests
{
    private static readonly IScheduleFactory[] Schedules = [new GPipeSchedule(), new OneForwardOneBackwardSchedule()];

    [Fact]
    public void Any_partition_and_order_gives_the_bits_of_one_stage() => AssertOrderFree(TestModels.Chain());

    [Fact]
    public void A_transformer_in_any_partition_and_order_gives_the_bits_of_one_stage() =>
        AssertOrderFree(TestModels.Gpt2(tied: false));

    [Fact]
    public void A_tied_weight_in_any_partition_and_order_gives_the_bits_of_one_stage() =>
        AssertOrderFree(TestModels.Chain(tied: true));

    [Fact]
    public void A_tied_transformer_in_any_partition_and_order_gives_the_bits_of_one_stage() =>
        AssertOrderFree(TestModels.Gpt2(tied: true));

    [Fact]
    public void A_first_layer_without_parameters_can_be_a_stage_of_its_own() => AssertOrderFree(TestModels.OneHotFirst());

    private static void AssertOrderFree(ModelDefinition model)
    {
        using var job = TestJobs.Create(model);
        var expected = HandPipeline.Train(job, Partitions.Whole(model.Layers.Count));
        Gen.Select(Partitions.Of(model.Layers.Count), Gen.OneOf(Schedules), Gen.Int).Sample(
            (partition, schedule, seed) => Assert.Equal(expected, HandPipeline.Train(job, partition, schedule, seed)),
            iter: 15,
            threads: 1);
    }
}
