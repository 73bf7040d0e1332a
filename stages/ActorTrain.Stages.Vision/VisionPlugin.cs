using ActorTrain.Compute.Models;
using ActorTrain.Core.Data;
using ActorTrain.Core.Plugins;
using ActorTrain.Stages.Vision.Data;
using ActorTrain.Stages.Vision.Models;

namespace ActorTrain.Stages.Vision;

/// <summary>Brings the models <c>mlp</c> and <c>resnet</c> and the data source <c>idx</c>.</summary>
public sealed class VisionPlugin : IPlugin
{
    /// <inheritdoc/>
    public void Register(PluginRegistry registry) => registry
        .Add<IModelFactory>(new MlpFactory())
        .Add<IModelFactory>(new ResNetFactory())
        .Add<IDataSourceFactory>(new IdxDataSourceFactory());
}
