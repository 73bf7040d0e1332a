using ActorTrain.Core.Plans;

namespace ActorTrain.Compute.Models;

/// <summary>A model as a list of layers, with what is around it.</summary>
public sealed record ModelDefinition
{
    /// <summary>The layers, from the data to the loss; at least one.</summary>
    public required IReadOnlyList<LayerDefinition> Layers { get; init; }

    /// <summary>The loss.</summary>
    public required ILoss Loss { get; init; }

    /// <summary>The weight that the first and the last layer share, or null.</summary>
    public TiedParameter? Tied { get; init; }

    /// <summary>Writes and reads the model in the format that others use, or null when there is none.</summary>
    public IModelFormat? Format { get; init; }

    /// <summary>A directory in <see cref="Format"/> to take the initial weights from, or null.</summary>
    public string? InitializeFrom { get; init; }

    /// <summary>The layers of a stage for people, such as <c>embedding … h.3</c>.</summary>
    /// <param name="range">The stage's layers.</param>
    public string NameOf(LayerRange range) =>
        range.Count == 1 ? Layers[range.First].Name : $"{Layers[range.First].Name} … {Layers[range.End - 1].Name}";
}
