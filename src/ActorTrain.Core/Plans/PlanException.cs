namespace ActorTrain.Core.Plans;

/// <summary>A plan or partition that cannot be; the message says what does not fit and what would.</summary>
public sealed class PlanException(string message) : Exception(message);
