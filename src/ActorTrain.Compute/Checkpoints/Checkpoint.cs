using ActorTrain.Compute.Models;
using ActorTrain.Compute.Stages;

namespace ActorTrain.Compute.Checkpoints;

/// <summary>A verified checkpoint in memory. Owns the snapshots.</summary>
/// <param name="Path">Its directory.</param>
/// <param name="Manifest">What it holds.</param>
/// <param name="Layers">A snapshot of each layer, by the layer's place in the model.</param>
public sealed record Checkpoint(
    string Path,
    CheckpointManifest Manifest,
    IReadOnlyDictionary<int, LayerSnapshot> Layers) : IDisposable
{
    /// <summary>Checks that a job can go on from here to the same bits.</summary>
    /// <param name="identity">What the job would write.</param>
    /// <param name="model">The job's model.</param>
    /// <param name="strictNumerics">Whether another numerics class is refused.</param>
    /// <exception cref="CheckpointException">It cannot; the message says in what they differ.</exception>
    public void RequireFits(CheckpointIdentity identity, ModelDefinition model, bool strictNumerics)
    {
        Require("seed", Manifest.Seed, identity.Seed);
        Require("optimizer.type", Manifest.Optimizer, identity.Optimizer);
        Require("layers", string.Join(" ", Manifest.Layers.Select(l => l.Name)), string.Join(" ", model.Layers.Select(l => l.Name)));
        if (strictNumerics && Manifest.NumericsClass != identity.NumericsClass)
            throw new CheckpointException(
                $"{Path} was computed with '{Manifest.NumericsClass}', this run with '{identity.NumericsClass}': the last bits would differ; " +
                "use devices of the same numerics class, or numerics = relaxed");
    }

    /// <summary>Frees the snapshots.</summary>
    public void Dispose()
    {
        foreach (var layer in Layers.Values)
            layer.Dispose();
    }

    private void Require<T>(string key, T there, T wanted)
    {
        if (!Equals(there, wanted))
            throw new CheckpointException($"{Path} does not fit the job: its {key} is '{there}', the job's is '{wanted}'");
    }
}
