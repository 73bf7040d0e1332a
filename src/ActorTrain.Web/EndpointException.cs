namespace ActorTrain.Web;

/// <summary>The HTTP endpoint cannot be served.</summary>
public sealed class EndpointException(string message, Exception inner) : IOException(message, inner);
