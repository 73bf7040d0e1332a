using ActorTrain.Compute.Layers;
using TorchSharp;

namespace ActorTrain.Compute.Tests.Layers;

public sealed class DropoutTests
{
    private const int Count = 100_000;

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(0.9)]
    public void Values_are_dropped_with_the_probability_and_keep_their_mean(double probability)
    {
        var values = Drop(Context(), probability);

        // Five standard deviations of the binomial distribution.
        var tolerance = 5 * Math.Sqrt(probability * (1 - probability) / Count);
        var kept = (float)(1 / (1 - probability));
        Assert.All(values, v => Assert.True(v == 0 || Math.Abs(v - kept) < 1e-5));
        Assert.Equal(probability, values.Count(v => v == 0) / (double)Count, tolerance);
        Assert.Equal(1, values.Average(), tolerance / (1 - probability));
    }

    [Fact]
    public void The_same_key_gives_the_same_mask() => Assert.Equal(Drop(Context()), Drop(Context()));

    [Theory]
    [InlineData(2, 0, 1, 0)]
    [InlineData(1, 1, 1, 0)]
    [InlineData(1, 0, 2, 0)]
    [InlineData(1, 0, 1, 1)]
    public void Another_seed_layer_step_or_micro_batch_gives_another_mask(long seed, int layer, long step, int microBatch) =>
        AssertIndependent(Drop(Context()), Drop(new LayerContext(training: true, seed, layer, step, microBatch)));

    [Fact]
    public void The_second_call_of_a_pass_has_a_mask_of_its_own()
    {
        var context = Context();

        AssertIndependent(Drop(context), Drop(context));
    }

    [Fact]
    public void Torchs_own_generator_is_neither_read_nor_moved()
    {
        torch.manual_seed(1);
        var undisturbed = torch.rand(4).data<float>().ToArray();
        torch.manual_seed(1);

        var first = Drop(Context());

        Assert.Equal(undisturbed, torch.rand(4).data<float>().ToArray());
        torch.manual_seed(2);
        Assert.Equal(first, Drop(Context()));
    }

    [Fact]
    public void Outside_of_training_nothing_is_dropped()
    {
        using var x = torch.ones(3);

        Assert.Same(x, new LayerContext(training: false, 1, 0, 1, 0).Dropout(x, 0.5));
    }

    private static LayerContext Context() => new(training: true, seed: 1, layer: 0, step: 1, microBatch: 0);

    private static float[] Drop(LayerContext context, double probability = 0.5)
    {
        using var x = torch.ones(Count);
        using var dropped = context.Dropout(x, probability);
        return dropped.data<float>().ToArray();
    }

    // Independent halves agree in half of the places.
    private static void AssertIndependent(float[] a, float[] b) =>
        Assert.Equal(0.5, a.Zip(b).Count(p => p.First == p.Second) / (double)Count, 5 * Math.Sqrt(0.25 / Count));
}
