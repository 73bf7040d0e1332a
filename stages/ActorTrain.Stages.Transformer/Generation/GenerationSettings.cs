namespace ActorTrain.Stages.Transformer.Generation;

/// <summary>How text is generated.</summary>
public sealed record GenerationSettings
{
    /// <summary>Creates the settings.</summary>
    /// <param name="length">Tokens to generate.</param>
    /// <param name="temperature">What logits are divided by: 0 always takes the likeliest token, 1 follows the model.</param>
    /// <param name="topK">Only this many of the likeliest tokens are drawn from; null for all.</param>
    /// <param name="seed">Chooses the text among those possible.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value makes no sense; the message says what would.</exception>
    public GenerationSettings(int length, double temperature = 1, int? topK = null, long seed = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if (!(temperature >= 0 && double.IsFinite(temperature)))
            throw new ArgumentOutOfRangeException(nameof(temperature), temperature, "a temperature is a number from 0");
        if (topK < 1)
            throw new ArgumentOutOfRangeException(nameof(topK), topK, "at least one token must be left to draw from");
        Length = length;
        Temperature = temperature;
        TopK = topK;
        Seed = seed;
    }

    /// <summary>Tokens to generate.</summary>
    public int Length { get; }

    /// <summary>What logits are divided by.</summary>
    public double Temperature { get; }

    /// <summary>How many of the likeliest tokens are drawn from; null for all.</summary>
    public int? TopK { get; }

    /// <summary>The seed.</summary>
    public long Seed { get; }
}
