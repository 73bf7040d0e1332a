using ActorTrain.Compute.Models;
using ActorTrain.Core.Data;
using ActorTrain.Core.Settings;
using ActorTrain.Stages.Transformer.Gpt2;
using ActorTrain.Stages.Transformer.Text;

namespace ActorTrain.Stages.Transformer.Tests;

public sealed class SettingsTests
{
    private static readonly Gpt2ModelFactory Factory = new Gpt2ModelFactory();

    [Fact]
    public void The_defaults_are_those_of_GPT_2_small() =>
        Assert.Equal(new Gpt2Settings(12, 768, 12, 1024, 0, true), Gpt2Settings.Read(TestSettings.Model()));

    [Fact]
    public void Every_default_of_the_model_is_a_setting_that_is_read()
    {
        var settings = TestSettings.Model();
        Factory.Read(settings);
        settings.RejectUnknown();
    }

    [Fact]
    public void The_plugin_brings_model_data_and_tokenizers()
    {
        var registry = TestSettings.Plugins();
        Assert.Equal(["gpt2"], registry.Names<IModelFactory>());
        Assert.Equal(["text"], registry.Names<IDataSourceFactory>());
        Assert.Equal(["byte", "gpt2"], registry.Names<ITokenizer>());
    }

    [Fact]
    public void Heads_that_do_not_divide_the_width_are_refused_with_those_that_do()
    {
        var error = Assert.Throws<SettingsException>(() => Factory.Read(TestSettings.Model("width = 12, heads = 5")));
        Assert.Equal("actortrain.job.model.heads", error.Key);
        Assert.EndsWith("these do: 1, 2, 3, 4, 6, 12", error.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("dropout = 1", "actortrain.job.model.dropout")]
    [InlineData("layers = 0", "actortrain.job.model.layers")]
    [InlineData("context = -1", "actortrain.job.model.context")]
    public void A_setting_out_of_range_is_refused(string hocon, string key) =>
        Assert.Equal(key, Assert.Throws<SettingsException>(() => Factory.Read(TestSettings.Model(hocon))).Key);

    [Fact]
    public void Images_are_refused()
    {
        var blueprint = Factory.Read(TestSettings.Model());
        var error = Assert.Throws<SettingsException>(() => blueprint.Define(new DataDescription(10, [1, 28, 28], 1, "images")));
        Assert.Contains("samples of the shape [1, 28, 28]", error.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_is_an_embedding_its_blocks_and_a_head()
    {
        var model = Factory.Read(TestSettings.Model("layers = 2")).Define(new DataDescription(256, [1024], 1024, "tokens"));
        Assert.Equal(["embedding", "h.0", "h.1", "head"], model.Layers.Select(l => l.Name));
        Assert.Equal(new TiedParameter(0, "wte.weight", 3, "lm_head.weight"), model.Tied);
    }

    [Fact]
    public void Parameters_have_the_names_and_layouts_of_Hugging_Face()
    {
        var layers = TestModels.Create(TestModels.Tiny);
        var found = layers.SelectMany(l => l.named_parameters().Select(p => $"{l.GetType().Name} {p.name} [{string.Join(", ", p.parameter.shape)}]"));
        Assert.Equal(
            [
                "TokenEmbedding wte.weight [11, 8]",
                "TokenEmbedding wpe.weight [6, 8]",
                .. Block(),
                .. Block(),
                "LanguageModelHead ln_f.weight [8]",
                "LanguageModelHead ln_f.bias [8]",
                "LanguageModelHead lm_head.weight [11, 8]",
            ],
            found);

        static string[] Block() =>
        [
            "TransformerBlock ln_1.weight [8]",
            "TransformerBlock ln_1.bias [8]",
            "TransformerBlock attn.c_attn.weight [8, 24]",
            "TransformerBlock attn.c_attn.bias [24]",
            "TransformerBlock attn.c_proj.weight [8, 8]",
            "TransformerBlock attn.c_proj.bias [8]",
            "TransformerBlock ln_2.weight [8]",
            "TransformerBlock ln_2.bias [8]",
            "TransformerBlock mlp.c_fc.weight [8, 32]",
            "TransformerBlock mlp.c_fc.bias [32]",
            "TransformerBlock mlp.c_proj.weight [32, 8]",
            "TransformerBlock mlp.c_proj.bias [8]",
        ];
    }
}
