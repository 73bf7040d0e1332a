using ActorTrain.Compute.Models;
using ActorTrain.Core.Data;
using ActorTrain.Core.Settings;
using ActorTrain.Stages.Vision.Layers;

namespace ActorTrain.Stages.Vision.Models;

/// <summary>
/// A stem, groups of residual blocks (each group after the first halves height and width), and a head with global average
/// pooling (He et al., arXiv 1512.03385, section 4.2).
/// </summary>
internal sealed record ResNetBlueprint(
    SettingsReader Settings,
    IReadOnlyList<int> Channels,
    int Blocks,
    int NormGroups,
    double Dropout) : IModelBlueprint
{
    public int? Context => null;

    public ModelDefinition Define(DataDescription data)
    {
        var image = ImageShape.Of(data, Settings);
        var layers = new List<LayerDefinition>
        {
            new("stem", () => new StemLayer("stem", image.Channels, Channels[0], NormGroups)),
        };
        for (var group = 0; group < Channels.Count; group++)
            for (var block = 0; block < Blocks; block++)
                layers.Add(Residual(group, block));
        layers.Add(new LayerDefinition("head", () => new HeadLayer("head", Channels[^1], data.Classes, pool: true)));
        return new ModelDefinition { Layers = layers, Loss = new CrossEntropyLoss(countCorrect: true) };
    }

    private LayerDefinition Residual(int group, int block)
    {
        var name = $"group.{group}.{block}";
        var opens = group > 0 && block == 0;
        var inputs = Channels[opens ? group - 1 : group];
        var outputs = Channels[group];
        return new LayerDefinition(
            name,
            () => new ResidualLayer(name, inputs, outputs, stride: opens ? 2 : 1, NormGroups, Dropout));
    }
}
