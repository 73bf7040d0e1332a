using System.Text.Json.Nodes;
using ActorTrain.Compute.Safetensors;
using ActorTrain.Core.Settings;
using ActorTrain.Stages.Transformer.Gpt2;
using static TorchSharp.torch;

namespace ActorTrain.Stages.Transformer.Tests;

public sealed class FormatTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private string Weights => _directory["model.safetensors"];

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_saved_model_loads_with_the_same_bits()
    {
        var saved = Save(TestModels.Tiny);
        Assert.Equal(saved, Load(TestModels.Tiny));
    }

    [Fact]
    public void A_tied_model_is_saved_with_its_owners_copy_alone()
    {
        var tied = TestModels.Tiny with { TieEmbeddings = true };
        Save(tied);
        using (var file = SafetensorsFile.Open(Weights))
            Assert.DoesNotContain("lm_head.weight", file.Tensors.Keys);

        var layers = TestModels.Create(tied, seed: 5);
        LoadInto(tied, layers);
        Assert.Equal(
            TestModels.Values(TestModels.Parameters(layers[0])["wte.weight"]),
            TestModels.Values(TestModels.Parameters(layers[^1])["lm_head.weight"]));
    }

    [Fact]
    public void Names_without_the_prefix_and_old_mask_buffers_are_read()
    {
        var saved = Save(TestModels.Tiny);
        Rewrite(tensors => tensors
            .Select(t => (t.Name.Replace("transformer.", "", StringComparison.Ordinal), t.Tensor))
            .Append(("h.0.attn.bias", ones(1, 1, 6, 6)))
            .Append(("h.0.attn.masked_bias", tensor(-1e4f))));
        Assert.Equal(saved, Load(TestModels.Tiny));
    }

    [Theory]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.BFloat16)]
    public void Half_precision_weights_are_widened(ScalarType type)
    {
        Save(TestModels.Tiny);
        Rewrite(tensors => tensors.Select(t => (t.Name, t.Tensor.to(type))));
        var expected = TestModels.Create(TestModels.Tiny).SelectMany(l => l.parameters()).SelectMany(p => TestModels.Values(p.detach().to(type).to(ScalarType.Float32)));
        Assert.Equal(expected, Load(TestModels.Tiny));
    }

    [Fact]
    public void Weights_of_whole_numbers_are_refused()
    {
        Save(TestModels.Tiny);
        Rewrite(tensors => tensors.Select(t => (t.Name, t.Tensor.to(ScalarType.Int8))));
        AssertRefused(TestModels.Tiny, "tensor 'transformer.wte.weight' is of type Int8; F32, F16 or BF16 are wanted");
    }

    [Fact]
    public void A_tensor_of_another_shape_is_refused_with_both_shapes()
    {
        Save(TestModels.Tiny);
        Rewrite(tensors => tensors.Select(t => t.Name.EndsWith("h.1.attn.c_attn.weight", StringComparison.Ordinal) ? (t.Name, t.Tensor.t()) : t));
        AssertRefused(TestModels.Tiny, "tensor 'transformer.h.1.attn.c_attn.weight' has the shape [24, 8]; wanted is [8, 24]");
    }

    [Fact]
    public void A_model_of_another_size_is_refused()
    {
        Save(TestModels.Tiny);
        AssertRefused(TestModels.Tiny with { Heads = 4 }, "has n_head = 2, but the model has heads = 4");
        AssertRefused(TestModels.Tiny with { Layers = 3 }, "has n_layer = 2, but the model has layers = 3");
        AssertRefused(TestModels.Tiny with { TieEmbeddings = true }, "tie-embeddings = false is right");
    }

    [Theory]
    [InlineData("model_type", "llama", "has model_type = llama; gpt2 is wanted")]
    [InlineData("activation_function", "relu", "only gelu_new can be computed")]
    [InlineData("layer_norm_epsilon", 1e-6, "only 1E-05 can be computed")]
    [InlineData("n_inner", 5, "only four times n_embd, 32, can be computed")]
    [InlineData("scale_attn_by_inverse_layer_idx", true, "scales attention in another way")]
    [InlineData("n_head", 3, "n_head = 3, which does not divide n_embd = 8")]
    [InlineData("n_embd", "wide", "cannot be read as a GPT-2 configuration")]
    public void A_configuration_that_cannot_be_computed_is_refused(string key, object value, string problem)
    {
        Save(TestModels.Tiny);
        var configuration = JsonNode.Parse(File.ReadAllText(_directory["config.json"]))!;
        configuration[key] = JsonValue.Create(value);
        File.WriteAllText(_directory["config.json"], configuration.ToJsonString());
        AssertRefused(TestModels.Tiny, problem);
    }

    [Fact]
    public void A_directory_without_a_configuration_is_refused() =>
        AssertRefused(TestModels.Tiny, "cannot be read as a GPT-2 configuration");

    [Fact]
    public void The_configuration_has_the_keys_of_Hugging_Face()
    {
        Save(TestModels.Tiny with { Dropout = 0.1 });
        var configuration = JsonNode.Parse(File.ReadAllText(_directory["config.json"]))!.AsObject();
        Assert.Equal(
            """
            "gpt2" ["GPT2LMHeadModel"] 2 2 8 6 11 null false "gelu_new" 1E-05 0.1 0.1 0.1
            """,
            string.Join(' ', new[]
            {
                "model_type", "architectures", "n_layer", "n_head", "n_embd", "n_positions", "vocab_size", "n_inner",
                "tie_word_embeddings", "activation_function", "layer_norm_epsilon", "resid_pdrop", "embd_pdrop", "attn_pdrop",
            }.Select(key => configuration[key]?.ToJsonString() ?? "null")));
    }

    private void AssertRefused(Gpt2Settings settings, string problem) =>
        Assert.Contains(problem, Assert.Throws<SettingsException>(() => Load(settings)).Problem, StringComparison.Ordinal);

    private float[] Save(Gpt2Settings settings)
    {
        var layers = TestModels.Create(settings);
        TestModels.Define(settings).Format!.Save(_directory.Path, TestModels.Parameters(layers));
        return TestModels.Values(layers);
    }

    private float[] Load(Gpt2Settings settings)
    {
        var layers = TestModels.Create(settings, seed: 5);
        LoadInto(settings, layers);
        return TestModels.Values(layers);
    }

    private void LoadInto(Gpt2Settings settings, List<Compute.Layers.Layer> layers)
    {
        for (var i = 0; i < layers.Count; i++)
            TestModels.Define(settings).Format!.Load(_directory.Path, i, TestModels.Parameters(layers[i]));
    }

    private void Rewrite(Func<IEnumerable<(string Name, Tensor Tensor)>, IEnumerable<(string Name, Tensor Tensor)>> change)
    {
        var tensors = new List<(string Name, Tensor Tensor)>();
        using (var file = SafetensorsFile.Open(Weights))
            foreach (var (name, info) in file.Tensors)
            {
                tensors.Add((name, empty([.. info.Shape], info.Type)));
                file.ReadInto(name, tensors[^1].Tensor);
            }

        SafetensorsWriter.Write(Weights, change(tensors));
    }
}
