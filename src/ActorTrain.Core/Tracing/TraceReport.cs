using System.Collections.Immutable;

namespace ActorTrain.Core.Tracing;

/// <summary>What a trace tells of a run. Shares are of the devices' time in the traced steps, from 0 to 1.</summary>
public sealed record TraceReport
{
    /// <summary>The first step that is complete in the trace.</summary>
    public required long FirstStep { get; init; }

    /// <summary>The last step that is complete in the trace.</summary>
    public required long LastStep { get; init; }

    /// <summary>The mean time of a step.</summary>
    public required double StepSeconds { get; init; }

    /// <summary>The share of the devices' time that no step's work was done in.</summary>
    public required double BubbleFraction { get; init; }

    /// <summary>The mean time of a step that the plan predicted; null where the trace has no prediction.</summary>
    public required double? PredictedStepSeconds { get; init; }

    /// <summary>The bubble that the plan predicted; null where the trace has no prediction.</summary>
    public required double? PredictedBubbleFraction { get; init; }

    /// <summary>What the bubble is made of; adds up to it.</summary>
    public required BubbleCauses Causes { get; init; }

    /// <summary>For each device what it did with its time.</summary>
    public required ImmutableArray<DeviceShares> Devices { get; init; }

    /// <summary>The actions that were slowest beside the others of their kind and chunk, slowest first.</summary>
    public required ImmutableArray<SlowAction> Slowest { get; init; }
}

/// <summary>
/// What a bubble is made of. Each share is what devices idle longer in a simulation that has one more of the run's
/// conditions than the one before, so that all add up to the bubble.
/// </summary>
/// <param name="WarmUpAndDrain">The schedule's own: equal stages, times without a spread, nothing waits for a verdict.</param>
/// <param name="Verdict">Updates wait for the verdict on all gradients.</param>
/// <param name="Imbalance">Stages take unequal times.</param>
/// <param name="Stragglers">An action takes another time than the median of its kind and chunk. Negative where that happened to help.</param>
/// <param name="Wire">Messages take time: edges, hand-overs and the runtime itself.</param>
/// <param name="Other">Devices did what no step consists of, such as snapshots.</param>
public sealed record BubbleCauses(
    double WarmUpAndDrain, double Verdict, double Imbalance, double Stragglers, double Wire, double Other);

/// <summary>What a device did with its time; adds up to 1.</summary>
/// <param name="Compute">Actions, norms and updates.</param>
/// <param name="Wait">Idle, until another device had computed what it needed.</param>
/// <param name="Wire">Idle, while what it needed was on its way.</param>
/// <param name="HandOff">Idle, though what it did next was there: the runtime's own cost.</param>
/// <param name="Other">Loads, snapshots and the like.</param>
/// <param name="StragglerSeconds">What its actions took longer than the median of their kind and chunk, added up.</param>
public sealed record DeviceShares(double Compute, double Wait, double Wire, double HandOff, double Other, double StragglerSeconds);

/// <summary>An action that took long.</summary>
/// <param name="Device">Its device.</param>
/// <param name="Step">Its step.</param>
/// <param name="Name">The action.</param>
/// <param name="Seconds">What it took.</param>
/// <param name="MedianSeconds">What the same action takes as a rule.</param>
public sealed record SlowAction(int Device, long Step, string Name, double Seconds, double MedianSeconds);
