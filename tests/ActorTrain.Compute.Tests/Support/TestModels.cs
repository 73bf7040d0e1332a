using ActorTrain.Compute.Models;
using ActorTrain.Stages.Transformer.Gpt2;

namespace ActorTrain.Compute.Tests.Support;

/// <summary>Tiny models. The odd sizes leave a rest behind every vector register.</summary>
internal static class TestModels
{
    private const int Vocabulary = TestData.Vocabulary;
    private const int Width = 5;

    /// <summary>Six layers, one of them without parameters; first and last share a weight if <paramref name="tied"/>.</summary>
    public static ModelDefinition Chain(double dropout = 0.2, bool tied = false) => Define(
        tied ? new TiedParameter(0, "weight", 5, "weight") : null,
        new("lookup", () => new Lookup("lookup", Vocabulary, Width, dropout)),
        new("dense.0", () => new Dense("dense.0", Width, 7, dropout)),
        new("dense.1", () => new Dense("dense.1", 7, Width, dropout)),
        new("pass", () => new PassOn("pass")),
        new("dense.2", () => new Dense("dense.2", Width, Width, dropout)),
        new("projection", () => new Projection("projection", Vocabulary, Width)));

    /// <summary>A model whose first layer has no parameters, and so nothing to differentiate.</summary>
    public static ModelDefinition OneHotFirst() => Define(
        null,
        new("one-hot", () => new OneHot("one-hot", Vocabulary)),
        new("dense", () => new Dense("dense", Vocabulary, Width, 0.1)),
        new("projection", () => new Projection("projection", Vocabulary, Width)));

    /// <summary>A lookup and a tied projection, and nothing between.</summary>
    public static ModelDefinition TiedPair(int width) => Define(
        new TiedParameter(0, "weight", 1, "weight"),
        new("lookup", () => new Lookup("lookup", Vocabulary, width, 0)),
        new("projection", () => new Projection("projection", Vocabulary, width)));

    /// <summary>GPT-2 with two blocks and so four layers.</summary>
    public static ModelDefinition Gpt2(double dropout = 0.1, bool tied = true, string? initializeFrom = null) => Gpt2Model.Define(
        new Gpt2Settings(Layers: 2, Width: 6, Heads: 2, Context: 5, dropout, tied), Vocabulary, "byte", initializeFrom);

    /// <summary>A model of these layers.</summary>
    public static ModelDefinition Of(params LayerDefinition[] layers) => Define(null, layers);

    private static ModelDefinition Define(TiedParameter? tied, params LayerDefinition[] layers) =>
        new() { Layers = layers, Loss = new CrossEntropyLoss(countCorrect: false), Tied = tied };
}
