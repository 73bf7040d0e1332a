using ActorTrain.Compute.Models;
using ActorTrain.Core.Data;
using ActorTrain.Core.Settings;
using ActorTrain.Stages.Vision.Layers;

namespace ActorTrain.Stages.Vision.Models;

/// <summary>Fully connected layers of given widths, then the head.</summary>
internal sealed record MlpBlueprint(SettingsReader Settings, IReadOnlyList<int> Hidden, double Dropout) : IModelBlueprint
{
    public int? Context => null;

    public ModelDefinition Define(DataDescription data)
    {
        var layers = new List<LayerDefinition>();
        var width = ImageShape.Of(data, Settings).Pixels;
        foreach (var outputs in Hidden)
        {
            var (name, inputs) = ($"fc.{layers.Count}", width);
            layers.Add(new LayerDefinition(name, () => new DenseLayer(name, inputs, outputs, Dropout)));
            width = outputs;
        }

        layers.Add(new LayerDefinition("head", () => new HeadLayer("head", width, data.Classes, pool: false)));
        return new ModelDefinition { Layers = layers, Loss = new CrossEntropyLoss(countCorrect: true) };
    }
}
