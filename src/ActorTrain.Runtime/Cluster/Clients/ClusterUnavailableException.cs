namespace ActorTrain.Runtime.Cluster.Clients;

/// <summary>A cluster cannot be reached, or not any more.</summary>
/// <param name="message">What was tried.</param>
/// <param name="inner">The cause.</param>
public sealed class ClusterUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
