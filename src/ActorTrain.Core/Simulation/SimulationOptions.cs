namespace ActorTrain.Core.Simulation;

/// <summary>How a schedule is simulated.</summary>
public sealed record SimulationOptions
{
    /// <summary>Steps in a row. Three or more show the steady state.</summary>
    public int Steps { get; init; } = 1;

    /// <summary>Keep every action's start and end. Drawing needs it; it costs 40 bytes an action.</summary>
    public bool KeepTimeline { get; init; } = true;

    /// <summary>For schedules without lists: run B and W apart, instead of BW.</summary>
    public bool SplitBackward { get; init; }
}
