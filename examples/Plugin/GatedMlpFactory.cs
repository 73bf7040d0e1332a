using ActorTrain.Compute.Models;
using ActorTrain.Core.Data;
using ActorTrain.Core.Settings;

namespace ActorTrain.Examples.Plugin;

/// <summary>Makes <c>gated-mlp</c>: gated layers of given widths, then logits.</summary>
internal sealed class GatedMlpFactory : IModelFactory
{
    public string Name => "gated-mlp";

    public IModelBlueprint Read(SettingsReader settings) => new Blueprint(settings.Integers("hidden", least: 1, most: 4096));

    private sealed record Blueprint(IReadOnlyList<int> Hidden) : IModelBlueprint
    {
        public int? Context => null;

        public ModelDefinition Define(DataDescription data)
        {
            long[] widths = [data.SampleShape.Aggregate(1L, (product, size) => product * size), .. Hidden.Select(width => (long)width)];
            return new ModelDefinition
            {
                Layers =
                [
                    .. Hidden.Select((_, i) => new LayerDefinition($"gated.{i}", () => new GatedLayer($"gated.{i}", widths[i], widths[i + 1]))),
                    new LayerDefinition("head", () => new LinearLayer("head", widths[^1], data.Classes)),
                ],
                Loss = new CrossEntropyLoss(countCorrect: true),
            };
        }
    }
}
