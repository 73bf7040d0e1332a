using ActorTrain.Core.Settings;
using ActorTrain.Stages.Transformer.Generation;
using ActorTrain.Stages.Transformer.Text;

namespace ActorTrain.Stages.Transformer.Tests;

public sealed class GenerationTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void The_same_arguments_give_the_same_text()
    {
        var settings = new GenerationSettings(length: 20, temperature: 1, topK: 50, seed: 4);
        Assert.Equal(Generator().Generate("In the", settings), Generator().Generate("In the", settings));
    }

    [Fact]
    public void Another_seed_gives_another_text() =>
        Assert.NotEqual(
            Generator().Generate("In the", new GenerationSettings(20, seed: 1)),
            Generator().Generate("In the", new GenerationSettings(20, seed: 2)));

    [Fact]
    public void Without_temperature_the_seed_does_not_matter() =>
        Assert.Equal(
            Generator().Generate("In the", new GenerationSettings(20, temperature: 0, seed: 1)),
            Generator().Generate("In the", new GenerationSettings(20, temperature: 0, seed: 2)));

    [Fact]
    public void A_prompt_longer_than_the_context_is_continued_from_its_end()
    {
        var settings = new GenerationSettings(5, temperature: 0);
        var continuation = Generator().Generate("abcdef", settings)["abcdef".Length..];
        Assert.EndsWith(continuation, Generator().Generate("xyz, abcdef", settings), StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_prompt_is_refused() =>
        Assert.Contains("prompt is empty", Assert.Throws<ArgumentException>(() => Generator().Generate("", new GenerationSettings(1))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_saved_model_generates_what_the_one_in_memory_does()
    {
        var (layers, settings) = (Layers(), new GenerationSettings(20, seed: 3));
        TestModels.Define(TestModels.Tiny, 256).Format!.Save(_directory.Path, TestModels.Parameters(layers));
        Assert.Equal(
            Generator().Generate("In the", settings),
            TextGenerator.Open(_directory.Path, TestSettings.Plugins()).Generate("In the", settings));
    }

    [Fact]
    public void A_tokenizer_with_another_vocabulary_is_refused()
    {
        TestModels.Define(TestModels.Tiny).Format!.Save(_directory.Path, TestModels.Parameters(TestModels.Create(TestModels.Tiny)));
        var error = Assert.Throws<SettingsException>(() => TextGenerator.Open(_directory.Path, TestSettings.Plugins()));
        Assert.Contains("the model has 11 tokens, but its tokenizer 'byte' has 256", error.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Zero_temperature_takes_the_likeliest_token_and_the_first_of_equals() =>
        Assert.Equal(1, TokenSampler.Next([0, 5, 5, 1], new GenerationSettings(1, temperature: 0), 0));

    [Fact]
    public void Only_the_likeliest_tokens_are_drawn()
    {
        var settings = new GenerationSettings(1, temperature: 100, topK: 2);
        Assert.Equal([1, 3], Enumerable.Range(0, 200).Select(place => TokenSampler.Next([0, 5, 1, 4], settings, place)).Distinct().Order());
    }

    [Fact]
    public void Tokens_are_drawn_as_often_as_the_model_says()
    {
        const int draws = 20_000;
        float[] logits = [(float)Math.Log(0.6), (float)Math.Log(0.3), (float)Math.Log(0.1)];
        var counts = Enumerable.Range(0, draws).CountBy(place => TokenSampler.Next(logits, new GenerationSettings(1), place)).ToDictionary();

        // Six standard deviations of the greatest are 416.
        Assert.InRange(counts[0], 11_600, 12_400);
        Assert.InRange(counts[1], 5_600, 6_400);
        Assert.InRange(counts[2], 1_600, 2_400);
    }

    [Fact]
    public void Logits_that_are_not_numbers_are_refused() =>
        Assert.Throws<ArithmeticException>(() => TokenSampler.Next([0, float.NaN], new GenerationSettings(1), 0));

    [Theory]
    [InlineData(-1, 1.0, null)]
    [InlineData(1, -0.1, null)]
    [InlineData(1, double.NaN, null)]
    [InlineData(1, 1.0, 0)]
    public void Settings_that_make_no_sense_are_refused(int length, double temperature, int? topK) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new GenerationSettings(length, temperature, topK));

    private static TextGenerator Generator() => new(Layers(), new ByteTokenizer(), TestModels.Tiny.Context);

    private static List<Compute.Layers.Layer> Layers()
    {
        var layers = TestModels.Create(TestModels.Tiny, vocabulary: 256);
        TestModels.Roughen(layers);
        return layers;
    }
}
