using ActorTrain.Compute.Layers;

namespace ActorTrain.Compute.Models;

/// <summary>A layer that can be made anywhere: what a plan places and a device builds.</summary>
/// <param name="Name">The layer's name, unique in the model, such as <c>wte</c> or <c>h.0</c>.</param>
/// <param name="Create">Makes the layer on the CPU, with parameters of the right shapes.</param>
public sealed record LayerDefinition(string Name, Func<Layer> Create);
