using ActorTrain.Core.Settings;

namespace ActorTrain.Compute.Optimizers;

/// <summary>Makes <see cref="Sgd"/> from the keys <c>learning-rate, momentum, weight-decay</c>.</summary>
public sealed class SgdFactory : IOptimizerFactory
{
    /// <inheritdoc/>
    public string Name => "sgd";

    /// <inheritdoc/>
    public IOptimizer Create(SettingsReader settings) => new Sgd(
        settings.Number("learning-rate", 0, 1e3),
        settings.Number("momentum", 0, 0.9999999),
        settings.Number("weight-decay", 0, 1e3));
}
