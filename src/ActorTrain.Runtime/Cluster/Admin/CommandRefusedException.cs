namespace ActorTrain.Runtime.Cluster.Admin;

/// <summary>A command cannot be carried out as things are.</summary>
/// <param name="reason">Why, and what would be right.</param>
internal sealed class CommandRefusedException(string reason) : Exception(reason);
