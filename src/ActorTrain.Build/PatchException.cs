namespace ActorTrain.Build;

/// <summary>A library that cannot be patched safely; the message says what was found and what was expected.</summary>
public sealed class PatchException(string message, Exception? inner = null) : Exception(message, inner);
