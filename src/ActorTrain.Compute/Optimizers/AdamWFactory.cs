using ActorTrain.Core.Settings;

namespace ActorTrain.Compute.Optimizers;

/// <summary>Makes <see cref="AdamW"/> from the keys <c>learning-rate, betas, epsilon, weight-decay</c>.</summary>
public sealed class AdamWFactory : IOptimizerFactory
{
    /// <inheritdoc/>
    public string Name => "adamw";

    /// <inheritdoc/>
    public IOptimizer Create(SettingsReader settings)
    {
        var betas = settings.Numbers("betas", 2, 0, 0.9999999);
        return new AdamW(
            settings.Number("learning-rate", 0, 1e3),
            betas[0],
            betas[1],
            settings.Number("epsilon", 1e-15, 1),
            settings.Number("weight-decay", 0, 1e3));
    }
}
