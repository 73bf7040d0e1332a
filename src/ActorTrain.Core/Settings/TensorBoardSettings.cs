namespace ActorTrain.Core.Settings;

/// <summary>TensorBoard's event files.</summary>
/// <param name="Enabled">Whether a run writes them.</param>
public sealed record TensorBoardSettings(bool Enabled);
