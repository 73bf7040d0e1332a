using ActorTrain.Compute.Layers;
using ActorTrain.Compute.Models;
using ActorTrain.Compute.Optimizers;
using ActorTrain.Compute.Tests.Support;
using CsCheck;
using TorchSharp;

namespace ActorTrain.Compute.Tests.Optimizers;

/// <summary>Compares with the papers' formulas in double precision, one value at a time.</summary>
public sealed class OptimizerTests
{
    private const int Updates = 4;

    private static readonly LayerDefinition Definition = new("dense", () => new Dense("dense", 3, 5, 0));

    private static readonly Gen<double> Rate = Exponent(-4, 0);
    private static readonly Gen<double> Decay = Gen.OneOf(Gen.Const(0.0), Gen.Double[0.01, 0.5]);

    // Gradients of either sign with a bound away from zero, where a float's quotients would be too coarse to compare.
    private static readonly Gen<float[][]> Gradients =
        Gen.Select(Exponent(-3, 1), Gen.Select(Gen.Float[0.2f, 1], Gen.Bool).Array[20].Array[Updates]).Select((scale, values) =>
            values.Select(v => v.Select(x => (float)(x.Item2 ? x.Item1 * scale : -x.Item1 * scale)).ToArray()).ToArray());

    [Fact]
    public void AdamW_follows_the_paper() =>
        Gen.Select(Rate, Gen.Double[0, 0.99], Gen.Double[0.5, 0.999], Exponent(-8, -1), Decay, Gradients).Sample(
            (rate, beta1, beta2, epsilon, decay, gradients) =>
            {
                double[] mean = new double[20], square = new double[20];
                AssertUpdates(new AdamW(rate, beta1, beta2, epsilon, decay), gradients, (i, update, factor, w, g, decays) =>
                {
                    mean[i] = beta1 * mean[i] + (1 - beta1) * g;
                    square[i] = beta2 * square[i] + (1 - beta2) * g * g;
                    var step = mean[i] / (1 - Math.Pow(beta1, update)) / (Math.Sqrt(square[i] / (1 - Math.Pow(beta2, update))) + epsilon);
                    return w - factor * rate * (step + (decays ? decay * w : 0));
                });
            },
            iter: 100,
            threads: 1);

    [Fact]
    public void Sgd_follows_the_formula() =>
        Gen.Select(Rate, Gen.OneOf(Gen.Const(0.0), Gen.Double[0.1, 0.99]), Decay, Gradients).Sample(
            (rate, momentum, decay, gradients) =>
            {
                var velocity = new double[20];
                AssertUpdates(new Sgd(rate, momentum, decay), gradients, (i, _, factor, w, g, decays) =>
                {
                    velocity[i] = momentum * velocity[i] + g + (decays ? decay * w : 0);
                    return w - factor * rate * velocity[i];
                });
            },
            iter: 100,
            threads: 1);

    [Theory]
    [InlineData(0.0, 0)]
    [InlineData(0.5, 1)]
    public void Sgd_keeps_a_buffer_only_with_momentum(double momentum, int buffers) =>
        Assert.Equal(buffers, new Sgd(0.1, momentum, 0).StateBuffers);

    [Fact]
    public void A_layer_without_parameters_is_updated_to_nothing()
    {
        using var layer = PlacedLayer.Build(new("pass", () => new PassOn("pass")), 0, 1, torch.CPU, 2);

        new AdamW(0.1, 0.9, 0.99, 1e-8, 0.1).Update(layer, 1, 1);

        Assert.Equal(0, layer.Parameters.numel());
    }

    private static Gen<double> Exponent(double least, double most) => Gen.Double[least, most].Select(e => Math.Pow(10, e));

    private static void AssertUpdates(
        IOptimizer optimizer, float[][] gradients, Func<int, int, double, double, double, bool, double> formula)
    {
        using var noGrad = torch.no_grad();
        using var layer = PlacedLayer.Build(Definition, 0, 1, torch.CPU, optimizer.StateBuffers);
        var expected = layer.Parameters.data<float>().Select(w => (double)w).ToArray();
        var decays = new bool[20];
        foreach (var slot in layer.Slots.Where(s => s.Shape.Count >= 2))
            Array.Fill(decays, true, (int)slot.Offset, (int)slot.Length);
        Assert.Equal(15, decays.Count(d => d));

        var moved = new double[20];
        for (var update = 1; update <= Updates; update++)
        {
            var factor = 1.0 / update;
            using var values = torch.tensor(gradients[update - 1]);
            layer.Gradients.copy_(values);
            optimizer.Update(layer, update, factor);
            for (var i = 0; i < 20; i++)
            {
                var before = expected[i];
                expected[i] = formula(i, update, factor, before, gradients[update - 1][i], decays[i]);
                moved[i] += Math.Abs(expected[i] - before);
            }
        }

        Assert.All(layer.Parameters.data<float>().ToArray(), (w, i) => Assert.Equal(expected[i], w, 1e-5 * (Math.Abs(expected[i]) + moved[i] + 0.1)));
    }
}
