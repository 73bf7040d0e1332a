using ActorTrain.Compute.Models;
using ActorTrain.Core.Settings;

namespace ActorTrain.Stages.Vision.Models;

/// <summary>Makes <c>resnet</c>: a small residual network.</summary>
internal sealed class ResNetFactory : IModelFactory
{
    public string Name => "resnet";

    public IModelBlueprint Read(SettingsReader settings)
    {
        var channels = settings.Integers("channels", 1, 4096);
        var normGroups = settings.Integer("norm-groups", 1, 4096);
        if (channels.Count == 0)
            throw settings.Error("channels", "at least one number of channels is wanted, such as [16, 32, 64]");
        foreach (var count in channels)
            if (count % normGroups != 0)
                throw settings.Error("channels", $"{count} channels cannot be divided into norm-groups = {normGroups} equal groups");
        return new ResNetBlueprint(
            settings,
            channels,
            settings.Integer("blocks", 1, 256),
            normGroups,
            Dropout.Read(settings));
    }
}
