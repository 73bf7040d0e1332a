using ActorTrain.Core.Plugins;
using ActorTrain.Core.Settings;

namespace ActorTrain.Compute.Optimizers;

/// <summary>Makes a kind of optimizer, chosen by <c>optimizer.type</c>.</summary>
public interface IOptimizerFactory : INamed
{
    /// <summary>Reads and checks the <c>optimizer</c> section.</summary>
    /// <param name="settings">The section; every key that is not read is refused by the caller.</param>
    /// <exception cref="SettingsException">A setting is wrong.</exception>
    IOptimizer Create(SettingsReader settings);
}
