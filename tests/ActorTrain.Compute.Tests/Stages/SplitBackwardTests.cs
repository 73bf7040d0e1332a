using ActorTrain.Compute.Layers;
using ActorTrain.Compute.Models;
using ActorTrain.Compute.Stages;
using ActorTrain.Compute.Tests.Support;
using ActorTrain.Compute.Training;
using ActorTrain.Core.Settings;
using CsCheck;
using TorchSharp;

namespace ActorTrain.Compute.Tests.Stages;

public sealed class SplitBackwardTests
{
    [Fact]
    public void A_split_transformer_gives_the_bits_of_whole_backward_passes() => AssertSameBits(TestModels.Gpt2(tied: false));

    [Fact]
    public void A_split_transformer_with_a_tied_weight_gives_the_bits_of_whole_backward_passes() =>
        AssertSameBits(TestModels.Gpt2(tied: true));

    [Fact]
    public void Layers_without_linear_products_can_be_split() => AssertSameBits(TestModels.Chain(tied: true));

    [Fact]
    public void A_first_layer_without_parameters_can_be_split() => AssertSameBits(TestModels.OneHotFirst());

    [Fact]
    public void The_gradients_of_a_product_of_any_size_are_those_of_autograd() =>
        Gen.Select(Gen.Int[1, 5], Gen.Int[1, 70], Gen.Int[1, 33], Gen.Int[1, 33], Gen.Bool, Gen.Bool, Gen.Int).Sample(
            (batch, length, inputs, outputs, transposed, biased, seed) =>
            {
                using var scope = torch.NewDisposeScope();
                using var generator = new torch.Generator((ulong)seed);
                var product = new LayerDefinition("product", () => new ProductLayer(inputs, outputs, transposed, biased));
                var x_BLI = torch.empty(batch, length, inputs).normal_(0, 1, generator);
                var g_BLO = torch.empty(batch, length, outputs).normal_(0, 1, generator);

                Assert.Equal(Gradients(product, x_BLI, g_BLO, split: false), Gradients(product, x_BLI, g_BLO, split: true));
            },
            iter: 100,
            threads: 1);

    [Fact]
    public void A_weight_has_no_gradient_before_W()
    {
        using var scope = torch.NewDisposeScope();
        using var job = TestJobs.Create(TestModels.Gpt2());
        using var stage = Stage.Build(job.Stage(0, new(1, 1)) with { SplitMicroBatches = [0] }, torch.CPU);
        var layer = stage.Layers[0];
        bool HasGradient(string parameter) => PlacedLayer.View(layer.Gradients, layer.Slot(parameter)).count_nonzero().item<long>() > 0;
        InputGradient(stage);

        Assert.False(HasGradient("mlp.c_fc.weight"));
        Assert.True(HasGradient("mlp.c_fc.bias"));
        Assert.True(HasGradient("ln_1.weight"));

        stage.WeightGradient(1, 0);

        Assert.True(HasGradient("mlp.c_fc.weight"));
        Assert.Equal(0, stage.InFlight);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("full")]
    public void Live_tensors_do_not_grow_over_a_hundred_steps(string recompute)
    {
        using var job = TestJobs.Create(TestModels.Gpt2(), s => s with { Steps = 120, Pipeline = s.Pipeline with { Recompute = [Enum.Parse<RecomputePolicy>(recompute, ignoreCase: true)] } });
        using var pipeline = new HandPipeline(job, [2, 2], new SplitSchedule(lag: 2));
        var counts = new List<long> { LiveTensors() };
        for (var step = 0; step < 100; step++)
        {
            pipeline.Step();
            counts.Add(torch.Tensor.TotalCount);
        }

        Assert.Single(counts.Skip(3).Distinct());
    }

    [Fact]
    public void A_stage_that_is_disposed_frees_what_it_kept_back()
    {
        using var job = TestJobs.Create(TestModels.Gpt2());
        long LiveAfter(int passes)
        {
            using var scope = torch.NewDisposeScope();
            var stage = Stage.Build(job.Stage(0, new(1, 1)) with { SplitMicroBatches = [0, 1, 2] }, torch.CPU);
            InputGradient(stage);
            stage.WeightGradient(1, 0);
            var before = LiveTensors();
            for (var i = 0; i < passes; i++)
                InputGradient(stage, i);
            if (passes > 0)
                stage.Forward(1, passes, Input()).Dispose();
            Assert.Equal(passes > 0, LiveTensors() > before);
            stage.Dispose();
            return LiveTensors() - before;
        }

        Assert.Equal(LiveAfter(0), LiveAfter(2));
    }

    [Fact]
    public void What_is_thrown_in_W_comes_out_and_leaves_no_tensor()
    {
        using var job = TestJobs.Create(TestModels.Gpt2());
        using var stage = Stage.Build(job.Stage(0, new(1, 1)) with { SplitMicroBatches = [0] }, torch.CPU);
        InputGradient(stage);
        stage.WeightGradient(1, 0);
        var before = LiveTensors();
        InputGradient(stage);
        stage.Layers[0].Module.get_parameter("mlp.c_fc.weight")!.grad = null;

        var e = Assert.Throws<InvalidOperationException>(() => stage.WeightGradient(1, 0));

        Assert.Equal("a weight has lost its gradient's buffer", e.Message);
        Assert.Equal(before, LiveTensors());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_weight_with_a_second_use_is_refused(bool secondIsProduct)
    {
        using var job = TestJobs.Create(TestModels.Of(new LayerDefinition("twice", () => new UsedTwice(secondIsProduct))));
        using var stage = Stage.Build(job.WholeModel with { SplitMicroBatches = [0] }, torch.CPU);

        var e = Assert.Throws<LayerException>(() =>
        {
            stage.Forward(1, 0, Input()).Dispose();
            stage.InputGradient(1, 0, Input());
        });

        Assert.StartsWith("layer 'twice' failed in the ", e.Message, StringComparison.Ordinal);
        Assert.EndsWith(
            " pass of micro-batch 0 of step 1: a weight [6, 6] is used twice in one pass; where B and W are split, it has one product and no other use",
            e.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_pass_that_was_not_made_for_it_is_refused()
    {
        using var job = TestJobs.Create(TestModels.Gpt2());
        using var stage = Stage.Build(job.Stage(0, new(1, 1)) with { SplitMicroBatches = [0] }, torch.CPU);

        Assert.Equal(
            "stage 0 splits the backward pass of micro-batch 0 into B and W; BW is for others",
            Assert.Throws<InvalidOperationException>(() => stage.Backward(1, 0, Input())).Message);
        Assert.Equal(
            "stage 0 does not split the backward pass of micro-batch 1; BW is right, not B",
            Assert.Throws<InvalidOperationException>(() => stage.InputGradient(1, 1, Input())).Message);
        Assert.Equal(
            "stage 0 has no input gradient of micro-batch 0 in step 1, so nothing is kept back for W",
            Assert.Throws<InvalidOperationException>(() => stage.WeightGradient(1, 0)).Message);
    }

    private static void AssertSameBits(ModelDefinition model)
    {
        var layers = model.Layers.Count;
        using var whole = TestJobs.Create(model);
        var expected = HandPipeline.Train(whole, Partitions.Whole(layers));
        Gen.Select(Gen.Enum<RecomputePolicy>().Array[layers], Partitions.Of(layers), Gen.Int[0, TestJobs.MicroBatches], Gen.Bool.Array[TestJobs.MicroBatches], Gen.Int).Sample(
            (recompute, partition, lag, split, seed) =>
            {
                using var job = TestJobs.Create(model, s => s with { Pipeline = s.Pipeline with { Recompute = [.. recompute] } });
                var schedule = new SplitSchedule(lag, [.. Enumerable.Range(0, split.Length).Where(i => !split[i])]);
                Assert.Equal(expected, HandPipeline.Train(job, partition, schedule, seed));
            },
            iter: 15,
            threads: 1);
    }

    // The second micro-batch's gradients add to those of the first.
    private static List<string> Gradients(LayerDefinition layer, torch.Tensor x_BLI, torch.Tensor g_BLO, bool split)
    {
        using var placed = PlacedLayer.Build(layer, index: 1, seed: 3, torch.CPU, stateBuffers: 0);
        var segment = new StageSegment([placed], recompute: false);
        LayerContext Context(int index, DeferredProducts? deferred) => new(training: true, 3, index, 1, 0) { Deferred = deferred };
        var digests = new List<string>();
        for (var pass = 0; pass < 2; pass++)
        {
            var (saved, output) = segment.Forward(x_BLI.clone(), Context, split);
            digests.Add(WeightsDigest.Of(output));
            if (split)
            {
                var (upward, weights) = segment.InputGradient(saved, g_BLO, Context);
                weights.ForEach(w => w.AddToGradient());
                weights.ForEach(w => w.Dispose());
                digests.Add(WeightsDigest.Of(upward!));
            }
            else
            {
                digests.Add(WeightsDigest.Of(segment.Backward(saved, g_BLO, Context)!));
            }

            digests.Add(WeightsDigest.Of(placed.Gradients));
        }

        return digests;
    }

    // The first B of a stage leaves some invalid tensors to TorchSharp's count, so tests that count begin with a second one.
    private static void InputGradient(Stage stage, int microBatch = 0)
    {
        stage.Forward(1, microBatch, Input()).Dispose();
        stage.InputGradient(1, microBatch, Input())?.Dispose();
    }

    private static Activation Input()
    {
        using var flat_N = torch.linspace(-1, 2, 2 * 3 * 6);
        return new(flat_N.view(2, 3, 6).DetachFromDisposeScope());
    }

    // What other tests dropped must not be collected while one counts.
    private static long LiveTensors()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return torch.Tensor.TotalCount;
    }
}
