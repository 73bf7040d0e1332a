using ActorTrain.Compute.Layers;
using TorchSharp;

namespace ActorTrain.Compute.Stages;

/// <summary>Weights that a stage's layers start from beyond their own initialisation.</summary>
internal static class InitialWeights
{
    /// <summary>Loads the weights that the model names, and gives a tied weight's follower the owner's values.</summary>
    public static void Apply(StageSpec spec, IReadOnlyList<PlacedLayer> layers)
    {
        using var noGrad = torch.no_grad();
        var model = spec.Model;
        foreach (var layer in layers)
        {
            if (model.Tied is { } tied && layer.Index == tied.Follower)
                CopyFromOwner(spec, layer);
            if (model.InitializeFrom is { } directory && model.Format is { } format)
                Load(layer, parameters => format.Load(directory, layer.Index, parameters));
        }
    }

    // Built again rather than sent: the owner may be on another machine, and its initial values are a function of the seed.
    private static void CopyFromOwner(StageSpec spec, PlacedLayer follower)
    {
        var tied = spec.Model.Tied!;
        using var owner = PlacedLayer.Build(spec.Model.Layers[tied.Owner], tied.Owner, spec.Seed, torch.CPU, stateBuffers: 0);
        using var source = PlacedLayer.View(owner.Parameters, owner.Slot(tied.OwnerParameter));
        using var target = PlacedLayer.View(follower.Parameters, follower.Slot(tied.FollowerParameter));
        target.copy_(source);
    }

    private static void Load(PlacedLayer layer, Action<IReadOnlyDictionary<string, torch.Tensor>> read)
    {
        using var scope = torch.NewDisposeScope();
        using var host = layer.Parameters.to(torch.CPU);
        read(layer.Slots.ToDictionary(slot => slot.Name, slot => PlacedLayer.View(host, slot)));
        layer.Parameters.copy_(host);
    }
}
