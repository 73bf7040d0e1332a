using ActorTrain.Compute.Models;
using ActorTrain.Stages.Transformer.Layers;

namespace ActorTrain.Stages.Transformer.Gpt2;

/// <summary>
/// GPT-2 as a list of layers: <c>embedding</c>, the blocks <c>h.0</c>, <c>h.1</c> …, and <c>head</c>. Parameters have the
/// names and layouts of Hugging Face's GPT-2.
/// </summary>
public static class Gpt2Model
{
    /// <summary>The token embedding's name within the first layer.</summary>
    internal const string TokenWeight = "wte.weight";

    /// <summary>The output projection's name within the last layer.</summary>
    internal const string OutputWeight = "lm_head.weight";

    /// <summary>The model.</summary>
    /// <param name="model">Its size and form.</param>
    /// <param name="vocabulary">How many tokens there are.</param>
    /// <param name="tokenizer">The tokenizer's short name, which is saved with the model; null when that is not known.</param>
    /// <param name="initializeFrom">A Hugging Face directory to take the initial weights from, or null.</param>
    public static ModelDefinition Define(Gpt2Settings model, int vocabulary, string? tokenizer, string? initializeFrom)
    {
        var blocks = Enumerable.Range(0, model.Layers).Select(i => $"h.{i}").Select(name => new LayerDefinition(
            name, () => new TransformerBlock(name, model.Layers, model.Width, model.Heads, model.Dropout)));
        return new ModelDefinition
        {
            Layers =
            [
                new LayerDefinition("embedding", () => new TokenEmbedding("embedding", vocabulary, model.Context, model.Width, model.Dropout)),
                .. blocks,
                new LayerDefinition("head", () => new LanguageModelHead("head", vocabulary, model.Width)),
            ],
            Loss = new CrossEntropyLoss(countCorrect: false),
            Tied = model.TieEmbeddings ? new TiedParameter(0, TokenWeight, model.Layers + 1, OutputWeight) : null,
            Format = new Gpt2Format(model, vocabulary, tokenizer),
            InitializeFrom = initializeFrom,
        };
    }
}
