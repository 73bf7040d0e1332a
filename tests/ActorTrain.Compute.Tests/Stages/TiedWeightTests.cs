using ActorTrain.Compute.Layers;
using ActorTrain.Compute.Stages;
using ActorTrain.Compute.Tests.Support;
using ActorTrain.Compute.Training;
using ActorTrain.Core.Settings;
using CsCheck;
using TorchSharp;

namespace ActorTrain.Compute.Tests.Stages;

public sealed class TiedWeightTests
{
    [Theory]
    [InlineData("adamw", "learning-rate = 0.05, weight-decay = 0.3")]
    [InlineData("sgd", "learning-rate = 0.3, momentum = 0.9, weight-decay = 0.2")]
    public void Both_copies_stay_equal_to_the_last_bit(string optimizer, string keys) =>
        Gen.Select(Gen.Int[1, 40], Gen.Bool).Sample(
            (width, oneStage) =>
            {
                var model = TestModels.TiedPair(width);
                using var job = TestJobs.Create(model, s => s with { Optimizer = TestJobs.Optimizer(optimizer, keys) });
                using var pipeline = new HandPipeline(job, oneStage ? [2] : [1, 1]);
                for (var step = 0; step < job.Settings.Steps; step++)
                {
                    pipeline.Step();
                    Assert.Equal(Digest(pipeline, model.Tied!.Owner), Digest(pipeline, model.Tied.Follower));
                }
            },
            iter: 20,
            threads: 1);

    [Fact]
    public void The_weight_changes_with_the_first_update()
    {
        var model = TestModels.Chain(tied: true);
        using var job = TestJobs.Create(model);
        using var pipeline = new HandPipeline(job, [3, 3]);
        var before = Digest(pipeline, 0);

        pipeline.Step();

        Assert.NotEqual(before, Digest(pipeline, 0));
    }

    [Theory]
    [InlineData(6)]
    [InlineData(2, 4)]
    [InlineData(1, 4, 1)]
    public void The_norm_is_that_of_a_model_that_has_the_weight_once(params int[] partition)
    {
        using var job = TestJobs.Create(TestModels.Chain(tied: true), Unclipped);
        using var pipeline = new HandPipeline(job, partition);
        var expected = NormWithOneWeight(job);

        pipeline.Step();

        Assert.Equal(expected, pipeline.GradientNorm, expected * 1e-6);
    }

    [Fact]
    public void An_owner_that_gets_no_gradient_from_below_says_so()
    {
        using var job = TestJobs.Create(TestModels.Chain(tied: true));
        using var pipeline = new HandPipeline(job, [3, 3]);

        var e = Assert.Throws<InvalidOperationException>(() => pipeline.Stages[0].CompleteGradients(fromBelow: null));

        Assert.Equal("the tied weight's other gradient has not arrived", e.Message);
    }

    [Fact]
    public void A_follower_that_gets_no_sum_says_so()
    {
        using var job = TestJobs.Create(TestModels.Chain(tied: true));
        using var pipeline = new HandPipeline(job, [3, 3]);

        var e = Assert.Throws<InvalidOperationException>(
            () => pipeline.Stages[1].Update(new(new(1, 1, 0), 1, 1, Skip: false, Checkpoint: false, Stop: false), tiedSum: null));

        Assert.Equal("the tied weight's summed gradient has not arrived", e.Message);
    }

    private static JobSettings Unclipped(JobSettings settings) => settings with { ClipNorm = null };

    private static string Digest(HandPipeline pipeline, int index)
    {
        var tied = TestModels.Chain(tied: true).Tied!;
        var layer = pipeline.Stages.SelectMany(s => s.Layers).Single(l => l.Index == index);
        using var weight = PlacedLayer.View(layer.Parameters, layer.Slot(tied.OwnerParameter));
        return WeightsDigest.Of(weight);
    }

    // Autograd over the whole first step, with one parameter in both places.
    private static double NormWithOneWeight(ResolvedJob job)
    {
        using var scope = torch.NewDisposeScope();
        using var stage = Stage.Build(job.WholeModel, torch.CPU);
        var (owner, follower) = (stage.Layers[0], stage.Layers[^1]);
        var shared = owner.Module.get_parameter("weight")!;
        var total = torch.zeros(1);
        for (var i = 0; i < job.Settings.Batch.MicroBatches; i++)
        {
            var batch = job.Data.Training(1, i);
            var x = Activation.ToTensor(batch.Inputs, torch.CPU);
            foreach (var layer in stage.Layers.SkipLast(1))
                x = layer.Module.forward(x, new LayerContext(training: true, job.Settings.Seed, layer.Index, 1, i));
            var logits = x.matmul(follower.Module.get_parameter("mix")!).matmul(shared.t()).add(follower.Module.get_parameter("bias")!);
            total = total.add(job.Model.Loss.Sum(logits, Activation.ToTensor(batch.Labels, torch.CPU)));
        }

        total.div(job.LabelsPerStep).backward();
        return Math.Sqrt(stage.Layers.Sum(layer => layer.Gradients.to_type(torch.float64).square().sum().item<double>()));
    }
}
