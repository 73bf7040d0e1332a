namespace ActorTrain.Hosting;

/// <summary>A cluster's run failed; the message is the cluster's.</summary>
/// <param name="message">What went wrong.</param>
public sealed class TrainingFailedException(string message) : Exception(message);
