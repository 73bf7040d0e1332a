using ActorTrain.Compute.Models;
using ActorTrain.Core.Settings;

namespace ActorTrain.Stages.Vision.Models;

/// <summary>Makes <c>mlp</c>: fully connected layers.</summary>
internal sealed class MlpFactory : IModelFactory
{
    public string Name => "mlp";

    public IModelBlueprint Read(SettingsReader settings) => new MlpBlueprint(
        settings,
        settings.Integers("hidden", 1, 65_536),
        Dropout.Read(settings));
}
