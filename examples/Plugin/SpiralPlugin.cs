using ActorTrain.Compute.Models;
using ActorTrain.Core.Codecs;
using ActorTrain.Core.Data;
using ActorTrain.Core.Plugins;

namespace ActorTrain.Examples.Plugin;

/// <summary>Brings the model <c>gated-mlp</c>, the data source <c>spirals</c> and the codec <c>fp16</c>.</summary>
public sealed class SpiralPlugin : IPlugin
{
    /// <inheritdoc/>
    public void Register(PluginRegistry registry) => registry
        .Add<IModelFactory>(new GatedMlpFactory())
        .Add<IDataSourceFactory>(new SpiralsFactory())
        .Add<ICodec>(new Fp16Codec());
}
