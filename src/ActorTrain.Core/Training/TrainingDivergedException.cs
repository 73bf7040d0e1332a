using System.Collections.Immutable;
using System.Globalization;

namespace ActorTrain.Core.Training;

/// <summary>Too many steps had a loss or gradients that are not finite.</summary>
/// <param name="report">What the stages reported of the last of them.</param>
/// <param name="layerNames">The layers' names in their order.</param>
/// <param name="skipped">How many there were.</param>
/// <param name="within">Among which steps: <c>in a row</c> or <c>in all</c>.</param>
/// <param name="key">The setting that allows more.</param>
public sealed class TrainingDivergedException(
    StepReport report, ImmutableArray<string> layerNames, long skipped, string within, string key) : Exception(string.Create(
    CultureInfo.InvariantCulture,
    $"step {report.Step} was skipped ({Describe(report, layerNames)}), which makes {skipped} steps {within}; " +
    $"lower optimizer.learning-rate, set optimizer.clip-norm, or allow more with {key}"))
{
    // Gradients come from the last layer to the first, so the last that is not finite was so before the others.
    private static string Describe(StepReport report, ImmutableArray<string> layerNames)
    {
        var layers = Enumerable.Range(0, report.SquaredNorms.Length).Where(i => !double.IsFinite(report.SquaredNorms[i])).ToList();
        var gradients = layers switch
        {
            [] => "each layer's gradient is finite",
            [.., var first] => string.Create(
                CultureInfo.InvariantCulture,
                $"the gradients of {layers.Count} of {report.SquaredNorms.Length} layers are not finite, in the backward pass first that of layer {Name(first)}"),
        };
        return string.Create(CultureInfo.InvariantCulture, $"its loss is {report.Loss}, and {gradients}");

        string Name(int layer) => layer < layerNames.Length ? $"'{layerNames[layer]}'" : layer.ToString(CultureInfo.InvariantCulture);
    }
}
