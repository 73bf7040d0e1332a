using ActorTrain.Compute.Models;
using ActorTrain.Core.Data;
using ActorTrain.Core.Plugins;
using ActorTrain.Stages.Transformer.Gpt2;
using ActorTrain.Stages.Transformer.Text;

namespace ActorTrain.Stages.Transformer;

/// <summary>Brings the model <c>gpt2</c>, the data source <c>text</c> and the tokenizers <c>byte</c> and <c>gpt2</c>.</summary>
public sealed class TransformerPlugin : IPlugin
{
    /// <inheritdoc/>
    public void Register(PluginRegistry registry) => registry
        .Add<IModelFactory>(new Gpt2ModelFactory())
        .Add<IDataSourceFactory>(new TextDataSourceFactory(registry))
        .Add<ITokenizer>(new ByteTokenizer())
        .Add<ITokenizer>(new Gpt2Tokenizer());
}
