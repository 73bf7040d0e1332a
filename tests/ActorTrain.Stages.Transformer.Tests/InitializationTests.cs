using ActorTrain.Stages.Transformer.Gpt2;

namespace ActorTrain.Stages.Transformer.Tests;

public sealed class InitializationTests
{
    private static readonly Gpt2Settings Wide = new(Layers: 8, Width: 64, Heads: 2, Context: 32, Dropout: 0, TieEmbeddings: true);

    [Fact]
    public void The_same_seed_gives_the_same_values() =>
        Assert.Equal(TestModels.Values(TestModels.Create(Wide)), TestModels.Values(TestModels.Create(Wide)));

    [Fact]
    public void Another_seed_gives_other_values() =>
        Assert.NotEqual(TestModels.Values(TestModels.Create(Wide)), TestModels.Values(TestModels.Create(Wide, seed: 2)));

    [Theory]
    [InlineData("attn.c_attn.weight", 0.02)]
    [InlineData("mlp.c_fc.weight", 0.02)]
    [InlineData("attn.c_proj.weight", 0.005)]
    [InlineData("mlp.c_proj.weight", 0.005)]
    public void Residual_projections_start_smaller_by_the_root_of_twice_the_layers(string name, double deviation)
    {
        var weight = TestModels.Values(TestModels.Parameters(TestModels.Create(Wide)[3])[name]);
        Assert.Equal(1, Math.Sqrt(weight.Average(w => w * w)) / deviation, 0.05);
    }

    [Fact]
    public void Biases_start_at_zero_and_norms_at_one()
    {
        var block = TestModels.Parameters(TestModels.Create(Wide)[1]);
        Assert.All(block.Where(p => p.Key.EndsWith("bias", StringComparison.Ordinal)), p => Assert.All(TestModels.Values(p.Value), v => Assert.Equal(0, v)));
        Assert.All(block.Where(p => p.Key.StartsWith("ln_", StringComparison.Ordinal) && p.Key.EndsWith("weight", StringComparison.Ordinal)), p => Assert.All(TestModels.Values(p.Value), v => Assert.Equal(1, v)));
    }
}
