using ActorTrain.Core.Data;
using ActorTrain.Core.Settings;
using TorchSharp;

namespace ActorTrain.Stages.Vision.Tests;

public sealed class ModelTests
{
    private const string SmallResNet = "channels = [4, 8], blocks = 2, norm-groups = 2, dropout = 0.2";
    private const string SmallMlp = "hidden = [12, 8], dropout = 0.2";

    public static TheoryData<string, string> Models => new() { { "mlp", SmallMlp }, { "resnet", SmallResNet } };

    [Theory]
    [InlineData("mlp", "fc.0 fc.1 head")]
    [InlineData("resnet", "stem group.0.0 group.0.1 group.1.0 group.1.1 group.2.0 group.2.1 head")]
    public void The_defaults_have_these_layers(string type, string layers) =>
        Assert.Equal(layers.Split(' '), VisionSettings.Model(type).Layers.Select(l => l.Name));

    [Theory]
    [MemberData(nameof(Models))]
    public void Images_become_logits(string type, string keys)
    {
        using var model = new Built(VisionSettings.Model(type, keys));
        using var scope = torch.NewDisposeScope();
        Assert.Equal([3, 10], model.Forward(Images(3)).shape);
    }

    [Fact]
    public void Each_later_group_halves_height_and_width_rounded_up()
    {
        using var model = new Built(VisionSettings.Model("resnet", "channels = [4, 8, 8, 8], blocks = 1, norm-groups = 2"));
        using var scope = torch.NewDisposeScope();
        var shapes = model.Shapes(Images(2)).Select(s => string.Join('×', s));
        Assert.Equal(["2×4×28×28", "2×4×28×28", "2×8×14×14", "2×8×7×7", "2×8×4×4", "2×10"], shapes);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Gradients_are_the_finite_differences(string type, string keys)
    {
        using var model = new Built(VisionSettings.Model(type, keys), torch.float64);
        using var scope = torch.NewDisposeScope();
        var (images, labels) = (Images(3).to(torch.float64), Labels(3));
        model.Loss(images, labels).backward();
        foreach (var (name, parameter) in model.Parameters)
        {
            var flat = parameter.detach().view(-1);
            foreach (var at in new[] { 0, flat.numel() / 2 })
            {
                const double h = 1e-6;
                var value = flat[at].item<double>();
                flat[at] = value + h;
                var above = model.Loss(images, labels).item<double>();
                flat[at] = value - h;
                var below = model.Loss(images, labels).item<double>();
                flat[at] = value;
                var difference = (above - below) / (2 * h);
                var gradient = parameter.grad!.view(-1)[at].item<double>();
                Assert.True(
                    Math.Abs(gradient - difference) <= 1e-6 + (1e-5 * Math.Abs(difference)),
                    $"{name}[{at}]: {gradient} is not {difference}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void The_default_generator_is_never_drawn_from(string type, string keys)
    {
        var before = State();
        using var model = new Built(VisionSettings.Model(type, keys));
        using var scope = torch.NewDisposeScope();
        model.Loss(Images(2), Labels(2)).backward();
        Assert.Equal(before, State());

        static byte[] State()
        {
            using var state = torch.get_rng_state();
            return [.. state.data<byte>()];
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Initial_values_depend_on_the_generator_alone(string type, string keys)
    {
        using var scope = torch.NewDisposeScope();
        using Built one = new(VisionSettings.Model(type, keys)), same = new(VisionSettings.Model(type, keys));
        using var other = new Built(VisionSettings.Model(type, keys), seed: 2);
        Assert.True(Same(one.Weights(), same.Weights()));
        Assert.False(Same(one.Weights(), other.Weights()));
    }

    [Fact]
    public void Initial_weights_have_the_variance_of_he()
    {
        using var model = new Built(VisionSettings.Model("mlp", "hidden = [500]"));
        using var scope = torch.NewDisposeScope();
        Assert.Equal(Math.Sqrt(2.0 / 784), model.Parameters["fc.0.linear.weight"].std().item<float>(), 5e-4);
        Assert.Equal(Math.Sqrt(1.0 / 500), model.Parameters["head.linear.weight"].std().item<float>(), 2e-3);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Dropout_is_a_function_of_the_pass_and_off_outside_of_training(string type, string keys)
    {
        using var model = new Built(VisionSettings.Model(type, keys));
        using var scope = torch.NewDisposeScope();
        var images = Images(2);
        Assert.True(Same(model.Forward(images, step: 1), model.Forward(images, step: 1)));
        Assert.False(Same(model.Forward(images, step: 1), model.Forward(images, step: 2)));
        Assert.True(Same(model.Forward(images, false, 1), model.Forward(images, false, 2)));
    }

    [Fact]
    public void An_image_has_the_same_logits_in_a_batch_as_alone()
    {
        using var model = new Built(VisionSettings.Model("resnet", SmallResNet), torch.float64);
        using var scope = torch.NewDisposeScope();
        var images = Images(4).to(torch.float64);
        var (together, alone) = (model.Forward(images, training: false)[2], model.Forward(images[2..3], training: false)[0]);
        Assert.True(together.allclose(alone, 1e-12, 1e-12));
    }

    [Fact]
    public void Weight_decay_spares_biases_and_norms()
    {
        using var model = new Built(VisionSettings.Model("resnet", SmallResNet));
        Assert.All(model.Layers, layer => Assert.All(
            layer.named_parameters(),
            p => Assert.Equal(IsMatrix(p.name), layer.Decays(p.name, p.parameter))));

        static bool IsMatrix(string name) =>
            name.EndsWith("weight", StringComparison.Ordinal) && !name.Contains("norm", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mlp", "hidden = [16, 0]", "0 is out of range")]
    [InlineData("mlp", "hidden = [16, many]", "'many' is not a whole number")]
    [InlineData("mlp", "dropout = 1", "from 0 to below 1")]
    [InlineData("mlp", "width = 4", "no such setting")]
    [InlineData("resnet", "channels = []", "at least one")]
    [InlineData("resnet", "channels = [16, 36]", "36 channels cannot be divided into norm-groups = 8")]
    [InlineData("resnet", "blocks = 0", "0 is out of range")]
    public void Wrong_settings_are_refused(string type, string keys, string problem) => Assert.Contains(
        problem,
        Assert.Throws<SettingsException>(() => VisionSettings.Model(type, keys)).Message,
        StringComparison.Ordinal);

    [Theory]
    [InlineData("mlp")]
    [InlineData("resnet")]
    public void Text_is_refused(string type)
    {
        var text = new DataDescription(50_257, [128], 128, "tokens");
        var e = Assert.Throws<SettingsException>(() => VisionSettings.Model(type, data: text));
        Assert.Contains("samples of shape [128] with 128 labels", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mlp", "hidden = []")]
    [InlineData("mlp", "hidden = [ ]")]
    public void No_hidden_layers_leave_the_head(string type, string keys) =>
        Assert.Equal(["head"], VisionSettings.Model(type, keys).Layers.Select(l => l.Name));

    [Theory]
    [InlineData("mlp", "hidden = [32]")]
    [InlineData("resnet", "channels = [8, 16], blocks = 1")]
    public void Stripes_of_four_widths_are_learnt_in_a_few_steps(string type, string keys)
    {
        using var model = new Built(VisionSettings.Model(type, keys));
        using var optimizer = torch.optim.SGD(model.Parameters.Values, 0.05, momentum: 0.9);
        using var scope = torch.NewDisposeScope();
        var labels = torch.arange(32, torch.int64).remainder(4);
        var stripes = torch.sin(torch.arange(28) * (labels.view(-1, 1, 1, 1) + 1) * 0.5);
        var images = stripes + (Images(32) * 0.5);
        for (var step = 1; step <= 60; step++)
        {
            using var pass = torch.NewDisposeScope();
            optimizer.zero_grad();
            (model.Loss(images, labels, step) / 32).backward();
            optimizer.step();
        }

        Assert.InRange(model.Correct(model.Forward(images, training: false), labels), 31, 32);
    }

    private static bool Same(torch.Tensor a, torch.Tensor b) => a.eq(b).all().item<bool>();

    private static torch.Tensor Images(int count)
    {
        using var generator = new torch.Generator(7);
        return torch.randn(count, 1, 28, 28, generator: generator);
    }

    private static torch.Tensor Labels(int count) => torch.arange(count, torch.int64).remainder(10);
}
