using ActorTrain.Compute.Models;
using ActorTrain.Core.Plugins;
using ActorTrain.Core.Settings;
using ActorTrain.Stages.Transformer;

namespace ActorTrain.Hosting.Tests;

/// <summary>GPT-2 under another name.</summary>
internal sealed class Renamed(string name) : IModelFactory
{
    public string Name => name;

    public IModelBlueprint Read(SettingsReader settings)
    {
        var registry = new PluginRegistry();
        new TransformerPlugin().Register(registry);
        return registry.Get<IModelFactory>("gpt2").Read(settings);
    }
}
