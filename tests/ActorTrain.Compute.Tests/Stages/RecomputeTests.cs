using ActorTrain.Compute.Models;
using ActorTrain.Compute.Tests.Support;
using ActorTrain.Core.Settings;
using CsCheck;

namespace ActorTrain.Compute.Tests.Stages;

public sealed class RecomputeTests
{
    [Fact]
    public void Recomputing_any_layers_gives_the_bits_of_keeping_all() => AssertSameBits(TestModels.Chain());

    [Fact]
    public void Recomputing_any_transformer_blocks_gives_the_bits_of_keeping_all() => AssertSameBits(TestModels.Gpt2());

    [Fact]
    public void Recomputing_a_first_layer_without_parameters_gives_the_bits_of_keeping_all() =>
        AssertSameBits(TestModels.OneHotFirst());

    private static void AssertSameBits(ModelDefinition model)
    {
        var layers = model.Layers.Count;
        using var keeping = TestJobs.Create(model);
        var expected = HandPipeline.Train(keeping, Partitions.Whole(layers));
        var policies = Gen.Enum<RecomputePolicy>().Array[layers];
        Gen.Select(policies, Partitions.Of(layers)).Sample(
            (recompute, partition) =>
            {
                using var job = TestJobs.Create(model, s => s with { Pipeline = s.Pipeline with { Recompute = [.. recompute] } });
                Assert.Equal(expected, HandPipeline.Train(job, partition));
            },
            iter: 15,
            threads: 1);
    }
}
