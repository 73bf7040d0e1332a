namespace ActorTrain.Admin;

/// <summary>A line is no command. The message says what would be right.</summary>
/// <param name="message">What is wrong.</param>
public sealed class CommandUsageException(string message) : Exception(message);
