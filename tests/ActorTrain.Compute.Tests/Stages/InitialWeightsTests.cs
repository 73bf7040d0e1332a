using ActorTrain.Compute.Layers;
using ActorTrain.Compute.Tests.Support;
using TorchSharp;

namespace ActorTrain.Compute.Tests.Stages;

public sealed class InitialWeightsTests
{
    [Theory]
    [InlineData(true, 4)]
    [InlineData(true, 1, 3)]
    [InlineData(false, 2, 2)]
    public void A_model_starts_from_the_saved_weights_in_any_partition(bool tied, params int[] partition)
    {
        using var directory = new TestDirectory();
        var saved = SaveTrained(tied, directory.Path);

        using var job = TestJobs.Create(TestModels.Gpt2(tied: tied, initializeFrom: directory.Path), s => s with { Seed = 99 });
        using var pipeline = new HandPipeline(job, partition);

        Assert.Equal(saved, pipeline.WeightsSha256());
    }

    [Fact]
    public void Training_goes_on_from_the_saved_weights_alike_in_any_partition()
    {
        using var directory = new TestDirectory();
        SaveTrained(tied: true, directory.Path);

        using var job = TestJobs.Create(TestModels.Gpt2(initializeFrom: directory.Path));

        Assert.Equal(HandPipeline.Train(job, [4]), HandPipeline.Train(job, [1, 2, 1]));
    }

    private static string SaveTrained(bool tied, string directory)
    {
        using var scope = torch.NewDisposeScope();
        using var job = TestJobs.Create(TestModels.Gpt2(tied: tied));
        using var pipeline = new HandPipeline(job, [4]);
        pipeline.Step();
        job.Model.Format!.Save(directory, [.. pipeline.Stages[0].Layers.Select(Parameters)]);
        return pipeline.WeightsSha256();
    }

    private static Dictionary<string, torch.Tensor> Parameters(PlacedLayer layer) =>
        layer.Slots.ToDictionary(slot => slot.Name, slot => PlacedLayer.View(layer.Parameters, slot));
}
