using ActorTrain.Compute.Training;
using ActorTrain.Core.Plugins;

namespace ActorTrain.Hosting.Runs;

/// <summary>Adds nothing.</summary>
internal sealed class NoExtras : IRunExtras
{
    /// <inheritdoc/>
    public void Plot(string file, string job, IReadOnlyList<double> steps, IReadOnlyList<double> losses, double? validationLoss)
    {
    }

    /// <inheritdoc/>
    public string? Sample(string model, PluginRegistry registry, ResolvedJob job) => null;
}
