using ActorTrain.Compute.Layers;
using ActorTrain.Compute.Models;
using ActorTrain.Stages.Transformer.Gpt2;
using static TorchSharp.torch;

namespace ActorTrain.Stages.Transformer.Tests;

/// <summary>Small models, and passes through them.</summary>
internal static class TestModels
{
    public const int Vocabulary = 11;

    public static readonly Gpt2Settings Tiny = new(Layers: 2, Width: 8, Heads: 2, Context: 6, Dropout: 0, TieEmbeddings: false);

    public static ModelDefinition Define(Gpt2Settings settings, int vocabulary = Vocabulary) =>
        Gpt2Model.Define(settings, vocabulary, "byte", null);

    /// <summary>The layers of a model, with initial values from a seed.</summary>
    public static List<Layer> Create(Gpt2Settings settings, int vocabulary = Vocabulary, ulong seed = 1)
    {
        var layers = Define(settings, vocabulary).Layers.Select(l => l.Create()).ToList();
        for (var i = 0; i < layers.Count; i++)
        {
            using var generator = new Generator(RandomKey.Mix(seed, (ulong)i));
            layers[i].Initialize(generator);
        }

        return layers;
    }

    /// <summary>Makes all parameters large and different, so that a wrong formula shows.</summary>
    public static void Roughen(IEnumerable<Layer> layers)
    {
        using var generator = new Generator(99);
        using var _ = no_grad();
        foreach (var parameter in layers.SelectMany(l => l.parameters()))
            parameter.add_(empty(parameter.shape).normal_(0, 0.3, generator));
    }

    public static Tensor Tokens(long[] tokens) => tensor(tokens).unsqueeze(0);

    public static Tensor Forward(IReadOnlyList<Layer> layers, Tensor tokens, bool training = false, long step = 1, int microBatch = 0)
    {
        var x = tokens;
        for (var i = 0; i < layers.Count; i++)
            x = layers[i].call(x, new LayerContext(training, seed: 7, layer: i, step, microBatch));
        return x;
    }

    public static List<IReadOnlyDictionary<string, Tensor>> Parameters(IEnumerable<Layer> layers) =>
        [.. layers.Select(Parameters)];

    public static IReadOnlyDictionary<string, Tensor> Parameters(Layer layer) =>
        layer.named_parameters().ToDictionary(p => p.name, p => (Tensor)p.parameter);

    public static float[] Values(Tensor x) => x.detach().contiguous().data<float>().ToArray();

    /// <summary>All values of all parameters, in order.</summary>
    public static float[] Values(IEnumerable<Layer> layers) => [.. layers.SelectMany(l => l.parameters()).SelectMany(Values)];
}
