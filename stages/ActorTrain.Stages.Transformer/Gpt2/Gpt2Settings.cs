using ActorTrain.Core.Settings;

namespace ActorTrain.Stages.Transformer.Gpt2;

/// <summary>The size and the form of a GPT-2 model (Radford et al. 2019).</summary>
/// <param name="Layers">Transformer blocks.</param>
/// <param name="Width">Width of the vectors between blocks.</param>
/// <param name="Heads">Attention heads; divides <paramref name="Width"/>.</param>
/// <param name="Context">Tokens that the model sees at once.</param>
/// <param name="Dropout">The probability that a value is dropped in training.</param>
/// <param name="TieEmbeddings">Whether the token embedding is the output projection too.</param>
public sealed record Gpt2Settings(int Layers, int Width, int Heads, int Context, double Dropout, bool TieEmbeddings)
{
    /// <summary>What GPT-2's norms add to the variance.</summary>
    internal const double NormEpsilon = 1e-5;

    /// <summary>Reads and checks the settings of a <c>model</c> section of type <c>gpt2</c>.</summary>
    /// <param name="settings">The section.</param>
    /// <exception cref="SettingsException">A setting is wrong.</exception>
    public static Gpt2Settings Read(SettingsReader settings)
    {
        var model = new Gpt2Settings(
            settings.Integer("layers", 1, 1000),
            settings.Integer("width", 1, 1 << 16),
            settings.Integer("heads", 1, 1 << 16),
            settings.Integer("context", 1, 1 << 20),
            settings.Number("dropout", 0, 0.99),
            settings.Flag("tie-embeddings"));
        return model.Width % model.Heads == 0
            ? model
            : throw settings.Error("heads", $"{model.Heads} heads do not divide the width of {model.Width}; these do: {string.Join(", ", Divisors(model.Width))}");
    }

    private static IEnumerable<int> Divisors(int number) => Enumerable.Range(1, number).Where(d => number % d == 0);
}
