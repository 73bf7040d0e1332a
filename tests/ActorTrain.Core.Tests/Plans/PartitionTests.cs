using ActorTrain.Core.Plans;
using CsCheck;

namespace ActorTrain.Core.Tests.Plans;

public sealed class PartitionTests
{
    [Fact]
    public void Ranges_cover_the_layers_in_order() =>
        Gen.Int[1, 5].Array[1, 8].Sample(counts =>
        {
            var partition = new Partition(counts);
            var layers = Enumerable.Range(0, partition.Stages).SelectMany(s => partition[s].Layers.Select(l => (l, s)));
            Assert.Equal(Enumerable.Range(0, counts.Sum()).Select(l => (l, partition.StageOf(l))), layers);
        });

    [Fact]
    public void Text_is_read_back() =>
        Gen.Int[1, 99].Array[1, 8].Sample(counts =>
            Assert.Equal(new Partition(counts), Partition.Parse(new Partition(counts).ToString())));

    [Theory]
    [InlineData("", "partition '': '' (stage 0) is not a number of layers; such as 3, 3, 4 is right")]
    [InlineData("3, x", "partition '3, x': 'x' (stage 1) is not a number of layers; such as 3, 3, 4 is right")]
    [InlineData("3, 0, 2", "partition: stage 1 has 0 layers; each stage has at least 1")]
    public void A_text_that_is_no_partition_is_refused(string text, string message) =>
        Assert.Equal(message, Assert.Throws<PlanException>(() => Partition.Parse(text)).Message);

    [Fact]
    public void No_stages_are_refused() => Assert.Throws<PlanException>(() => new Partition());

    [Theory]
    [InlineData(6, 3, "partition [2, 3] has 2 stages; the pipeline has 3")]
    [InlineData(6, 2, "partition [2, 3] has 5 layers in all; the model has 6")]
    public void A_partition_of_another_model_or_pipeline_is_refused(int layers, int stages, string message) =>
        Assert.Equal(message, Assert.Throws<PlanException>(() => new Partition(2, 3).Require(layers, stages)).Message);
}
