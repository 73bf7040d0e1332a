using ActorTrain.Cli.Output;
using ActorTrain.Compute.Training;
using ActorTrain.Core.Plugins;
using ActorTrain.Hosting.Runs;

namespace ActorTrain.Cli.Running;

/// <summary>The picture of the loss and the sample that the tool adds to a run.</summary>
internal sealed class CliExtras : IRunExtras
{
    /// <inheritdoc/>
    public void Plot(string file, string job, IReadOnlyList<double> steps, IReadOnlyList<double> losses, double? validationLoss) =>
        LossPlot.Write(file, job, steps, losses, validationLoss);

    /// <inheritdoc/>
    public string? Sample(string model, PluginRegistry registry, ResolvedJob job) => SampleText.Of(model, registry, job);
}
