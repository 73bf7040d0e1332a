using ActorTrain.Compute.Tests.Support;
using ActorTrain.Compute.Training;
using TorchSharp;

namespace ActorTrain.Compute.Tests.Training;

public sealed class LayerProfilerTests
{
    [Fact]
    public void Both_halves_of_a_split_backward_are_measured()
    {
        using var job = TestJobs.Create(TestModels.Gpt2());

        var block = LayerProfiler.Measure(job, torch.CPU).Layers[1];

        Assert.True(block.InputGradientSeconds > 0 && block.WeightGradientSeconds > 0, block.ToString());
        Assert.True(block.DeferredBytes > 0 && block.SplitActivationBytes >= block.DeferredBytes, block.ToString());
    }
}
