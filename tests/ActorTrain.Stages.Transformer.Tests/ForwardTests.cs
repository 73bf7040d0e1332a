using ActorTrain.Compute.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace ActorTrain.Stages.Transformer.Tests;

public sealed class ForwardTests
{
    private static readonly long[] Text = [3, 1, 4, 1, 5, 9];

    [Fact]
    public void Logits_are_those_of_a_plain_double_precision_implementation()
    {
        var layers = TestModels.Create(TestModels.Tiny);
        TestModels.Roughen(layers);

        var expected = new PlainGpt2(TestModels.Parameters(layers), TestModels.Tiny.Heads).Logits(Text).SelectMany(row => row);
        var found = TestModels.Values(TestModels.Forward(layers, TestModels.Tokens(Text)));

        Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
    }

    [Fact]
    public void Attention_with_dropout_too_small_to_drop_anything_equals_fused_attention()
    {
        var plain = TestModels.Create(TestModels.Tiny);
        var explicitly = TestModels.Create(TestModels.Tiny with { Dropout = 1e-12 });

        var expected = TestModels.Values(TestModels.Forward(plain, TestModels.Tokens(Text), training: true));
        var found = TestModels.Values(TestModels.Forward(explicitly, TestModels.Tokens(Text), training: true));

        Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.3)]
    public void Changing_a_later_token_changes_no_earlier_logits(double dropout)
    {
        var layers = TestModels.Create(TestModels.Tiny with { Dropout = dropout });
        TestModels.Roughen(layers);
        long[] changed = [.. Text];
        changed[4] = 2;

        var before = TestModels.Forward(layers, TestModels.Tokens(Text), training: true);
        var after = TestModels.Forward(layers, TestModels.Tokens(changed), training: true);

        Assert.Equal(TestModels.Values(before[0, ..4]), TestModels.Values(after[0, ..4]));
        Assert.NotEqual(TestModels.Values(before[0, 4]), TestModels.Values(after[0, 4]));
    }

    [Fact]
    public void Gradients_are_those_of_finite_differences()
    {
        var layers = TestModels.Create(TestModels.Tiny);
        TestModels.Roughen(layers);
        foreach (var layer in layers)
            layer.to(ScalarType.Float64);
        Loss(layers).backward();

        foreach (var (name, parameter) in layers.SelectMany(l => l.named_parameters()))
            foreach (var place in new[] { 0, parameter.numel() / 2 })
            {
                var gradient = parameter.grad!.view(-1)[place].item<double>();
                var difference = (Shifted(parameter, place, 1e-5) - Shifted(parameter, place, -1e-5)) / 2e-5;
                Assert.True(Math.Abs(gradient - difference) < 1e-6, $"{name}[{place}]: {gradient} and {difference}");
            }

        double Shifted(Tensor parameter, long place, double by)
        {
            using var _ = no_grad();
            var value = parameter.view(-1)[place];
            value.add_(by);
            var loss = Loss(layers).item<double>();
            value.sub_(by);
            return loss;
        }
    }

    [Fact]
    public void A_pass_with_the_same_key_drops_the_same_values()
    {
        var layers = TestModels.Create(TestModels.Tiny with { Dropout = 0.1 });

        var first = TestModels.Values(TestModels.Forward(layers, TestModels.Tokens(Text), training: true, step: 5, microBatch: 2));
        var again = TestModels.Values(TestModels.Forward(layers, TestModels.Tokens(Text), training: true, step: 5, microBatch: 2));

        Assert.Equal(first, again);
    }

    [Theory]
    [InlineData(5, 3)]
    [InlineData(6, 2)]
    public void Another_step_or_micro_batch_drops_other_values(long step, int microBatch)
    {
        var layers = TestModels.Create(TestModels.Tiny with { Dropout = 0.1 });

        var first = TestModels.Values(TestModels.Forward(layers, TestModels.Tokens(Text), training: true, step: 5, microBatch: 2));
        var other = TestModels.Values(TestModels.Forward(layers, TestModels.Tokens(Text), training: true, step, microBatch));

        Assert.NotEqual(first, other);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.2)]
    public void Nothing_draws_from_the_process_wide_generator(double dropout)
    {
        var before = get_rng_state().bytes.ToArray();

        var layers = TestModels.Create(TestModels.Tiny with { Dropout = dropout });
        TestModels.Forward(layers, TestModels.Tokens(Text), training: true).sum().backward();

        Assert.Equal(before, get_rng_state().bytes.ToArray());
    }

    [Fact]
    public void A_pass_leaves_one_tensor_in_its_callers_scope()
    {
        var layers = TestModels.Create(TestModels.Tiny with { Dropout = 0.1 });
        using var scope = NewDisposeScope();
        var x = TestModels.Tokens(Text);
        for (var i = 0; i < layers.Count; i++)
        {
            var before = scope.DisposablesCount;
            x = layers[i].call(x, new LayerContext(training: true, 7, i, 1, 0));
            Assert.Equal(before + 1, scope.DisposablesCount);
        }
    }

    [Fact]
    public void A_sequence_longer_than_the_context_is_refused()
    {
        var layers = TestModels.Create(TestModels.Tiny);
        var error = Assert.Throws<ArgumentException>(() => TestModels.Forward(layers, TestModels.Tokens([1, 2, 3, 4, 5, 6, 7])));
        Assert.Contains("7 tokens do not fit the model's context of 6", error.Message, StringComparison.Ordinal);
    }

    private static Tensor Loss(IReadOnlyList<Layer> layers)
    {
        var logits = TestModels.Forward(layers, TestModels.Tokens(Text));
        return TestModels.Define(TestModels.Tiny).Loss.Sum(logits, TestModels.Tokens([1, 4, 1, 5, 9, 2]));
    }
}
