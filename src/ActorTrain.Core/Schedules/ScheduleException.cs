namespace ActorTrain.Core.Schedules;

/// <summary>A schedule that cannot exist or that breaks a rule; the message names the first wrong place.</summary>
public sealed class ScheduleException : Exception
{
    /// <summary>Creates the exception with a message that says what would be right.</summary>
    public ScheduleException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception for a place in a schedule's lists.</summary>
    /// <param name="schedule">The schedule's name.</param>
    /// <param name="fault">What is wrong, and where.</param>
    internal ScheduleException(string schedule, ScheduleFault fault)
        : base($"schedule '{schedule}': device {fault.Device}, position {fault.Position}, {fault.Action}: {fault.Rule}") => Fault = fault;

    /// <summary>The first wrong place; null where the fault has none in the lists.</summary>
    internal ScheduleFault? Fault { get; }
}

/// <summary>A rule that is broken at a place of a list.</summary>
/// <param name="Device">The device.</param>
/// <param name="Position">The place in its list, from 0; the list's length for what is missing at its end.</param>
/// <param name="Action">The action that stands, or should stand, there.</param>
/// <param name="Rule">What would be right.</param>
internal sealed record ScheduleFault(int Device, int Position, PipelineAction Action, string Rule);
