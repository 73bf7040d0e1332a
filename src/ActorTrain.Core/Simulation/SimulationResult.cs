using System.Collections.Immutable;
using ActorTrain.Core.Schedules;

namespace ActorTrain.Core.Simulation;

/// <summary>What a simulated pipeline did. Times are in seconds from the start of the first step.</summary>
public sealed record SimulationResult
{
    /// <summary>What was simulated.</summary>
    public required Schedule Schedule { get; init; }

    /// <summary>All actions in the order of their starts; null when the timeline was not kept.</summary>
    public required ImmutableArray<TimedAction>? Timeline { get; init; }

    /// <summary>All optimizer steps in the order of their starts; null when the timeline was not kept.</summary>
    public required ImmutableArray<TimedUpdate>? Updates { get; init; }

    /// <summary>For each step when its last optimizer step ended.</summary>
    public required ImmutableArray<double> StepEnds { get; init; }

    /// <summary>For each device how long it computed, with what failures threw away.</summary>
    public required ImmutableArray<double> BusySeconds { get; init; }

    /// <summary>For each chunk the most micro-batches that it held at a time.</summary>
    public required ImmutableArray<int> PeakInFlight { get; init; }

    /// <summary>For each device the most micro-batches that its chunks held at a time, all chunks added up.</summary>
    public required ImmutableArray<int> DevicePeakInFlight { get; init; }

    /// <summary>Failures that happened before the last step ended.</summary>
    public required int Restarts { get; init; }

    /// <summary>What failures cost: from the end of the last complete step before each to the end of its recovery.</summary>
    public required double LostSeconds { get; init; }

    /// <summary>From the first action to the end of the last.</summary>
    public double Makespan => StepEnds[^1];

    /// <summary>The share of all devices' time that nothing was computed in: 1 − busy / (devices × makespan).</summary>
    public double BubbleFraction => Bubble(BusySeconds.Sum(), Makespan);

    /// <summary>
    /// The time between the ends of steps, without the first, which starts without waiting; the makespan when only one
    /// step was simulated.
    /// </summary>
    public double StepSeconds =>
        StepEnds.Length == 1 ? Makespan : (Makespan - StepEnds[0]) / (StepEnds.Length - 1);

    /// <summary>The bubble of a step of <see cref="StepSeconds"/>.</summary>
    public double StepBubbleFraction => Bubble(BusySeconds.Sum() / StepEnds.Length, StepSeconds);

    /// <summary>A device's own share of idle time over the whole simulation.</summary>
    /// <param name="device">The device's index.</param>
    public double IdleFraction(int device) => Makespan > 0 ? 1 - BusySeconds[device] / Makespan : 0;

    private double Bubble(double busy, double seconds) => seconds > 0 ? 1 - busy / (BusySeconds.Length * seconds) : 0;
}
