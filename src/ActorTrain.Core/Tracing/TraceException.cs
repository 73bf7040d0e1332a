namespace ActorTrain.Core.Tracing;

/// <summary>A trace that cannot be read or says too little; the message tells what is missing or wrong, and where.</summary>
public sealed class TraceException(string message, Exception? cause = null) : Exception(message, cause);
