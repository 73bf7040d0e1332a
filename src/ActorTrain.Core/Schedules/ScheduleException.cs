namespace ActorTrain.Core.Schedules;

/// <summary>A schedule that cannot exist or that breaks a rule; the message names the first wrong place.</summary>
public sealed class ScheduleException(string message) : Exception(message);
