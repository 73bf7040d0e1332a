using ActorTrain.Compute.Models;
using ActorTrain.Core.Data;
using ActorTrain.Core.Plugins;

namespace ActorTrain.Stages.Faulty;

/// <summary>Brings the model <c>faulty</c> and the data source <c>poisoned-text</c>.</summary>
public sealed class FaultyPlugin : IPlugin
{
    /// <inheritdoc/>
    public void Register(PluginRegistry registry) => registry
        .Add<IModelFactory>(new FaultyModelFactory(registry))
        .Add<IDataSourceFactory>(new PoisonedTextFactory(registry));
}
