namespace ActorTrain.Compute.Native;

/// <summary>Torch's native libraries cannot be loaded; the message says why and what to do.</summary>
public sealed class TorchUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
