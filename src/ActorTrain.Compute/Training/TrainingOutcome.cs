using System.Collections.Immutable;
using ActorTrain.Compute.Stages;
using ActorTrain.Core.Training;

namespace ActorTrain.Compute.Training;

/// <summary>How a run ended. Owns the snapshots.</summary>
/// <param name="Progress">How far it came.</param>
/// <param name="Loss">The loss of the last step.</param>
/// <param name="Interrupted">Whether it was asked to stop before its last step.</param>
/// <param name="Layers">The state of all layers after the last step, in layer order.</param>
public sealed record TrainingOutcome(
    TrainingProgress Progress,
    double Loss,
    bool Interrupted,
    ImmutableArray<LayerSnapshot> Layers) : IDisposable
{
    /// <summary>The SHA-256 of all layers' parameters, which two runs with the same bits share.</summary>
    public string WeightsSha256 => WeightsDigest.Of(Layers);

    /// <summary>Frees the snapshots.</summary>
    public void Dispose()
    {
        foreach (var layer in Layers)
            layer.Dispose();
    }
}
