using System.Collections.Immutable;
using ActorTrain.Core.Schedules;

namespace ActorTrain.Core.Simulation;

/// <summary>How a schedule is simulated.</summary>
public sealed record SimulationOptions
{
    /// <summary>Steps in a row. Three or more show the steady state.</summary>
    public int Steps { get; init; } = 1;

    /// <summary>Keep every action's start and end. Drawing needs it; it costs 40 bytes an action.</summary>
    public bool KeepTimeline { get; init; } = true;

    /// <summary>
    /// Whether a chunk's optimizer step waits for the verdict on all gradients, as clipping wants it, or only for its own
    /// gradients (Zero Bubble, arXiv 2401.10241, section 4).
    /// </summary>
    public bool WaitForVerdict { get; init; } = true;

    /// <summary>For each device how fast it is, 1 for what the cost model says and 0.5 for half of that; null where all are 1.</summary>
    public ImmutableArray<double>? Speeds { get; init; }

    /// <summary>The time of each action of each step (from 0), to replay a run; null where the cost model's count.</summary>
    public Func<int, PipelineAction, double>? ActionSeconds { get; init; }

    /// <summary>What makes actions longer or shorter by chance; null for nothing.</summary>
    public Jitter? Jitter { get; init; }

    /// <summary>Devices that are lost, in any order.</summary>
    public ImmutableArray<DeviceFailure> Failures { get; init; } = [];
}
