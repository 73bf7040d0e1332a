namespace ActorTrain.Runtime.Cluster.Slots;

/// <summary>A stage that this node cannot take.</summary>
/// <param name="message">Why.</param>
internal sealed class StageRefusedException(string message) : Exception(message);
