using ActorTrain.Compute.Layers;

namespace ActorTrain.Stages.Transformer.Generation;

/// <summary>Draws the next token from logits. A pure function of its arguments.</summary>
internal static class TokenSampler
{
    /// <param name="logits">A logit for each token of the vocabulary.</param>
    /// <param name="settings">How to draw.</param>
    /// <param name="place">The token's place in the generated text, which with the seed keys the draw.</param>
    /// <exception cref="ArithmeticException">A logit is not a number: the weights are broken.</exception>
    public static int Next(ReadOnlySpan<float> logits, GenerationSettings settings, int place)
    {
        var values = logits.ToArray();
        if (values.Any(float.IsNaN))
            throw new ArithmeticException("the model gives logits that are not numbers; were its weights trained to the end, and saved whole?");

        // Equal logits by id, so that the order has no ties.
        int[] tokens = [.. Enumerable.Range(0, values.Length).OrderByDescending(i => values[i]).ThenBy(i => i)];
        if (settings.Temperature == 0)
            return tokens[0];

        var candidates = tokens.AsSpan(0, Math.Min(settings.TopK ?? tokens.Length, tokens.Length));
        var cumulated = new double[candidates.Length];
        double total = 0;
        for (var i = 0; i < candidates.Length; i++)
            cumulated[i] = total += Math.Exp(((double)values[candidates[i]] - values[tokens[0]]) / settings.Temperature);

        var drawn = Unit(RandomKey.Mix((ulong)settings.Seed, (ulong)place)) * total;
        var chosen = Array.FindIndex(cumulated, c => c > drawn);
        return candidates[chosen];
    }

    // The upper 53 bits as a number in [0, 1).
    private static double Unit(ulong key) => (key >> 11) * (1.0 / (1UL << 53));
}
