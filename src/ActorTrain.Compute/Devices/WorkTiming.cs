using ActorTrain.Core.Schedules;

namespace ActorTrain.Compute.Devices;

/// <summary>When a device did something.</summary>
/// <param name="Device">The device's place in the pipeline.</param>
/// <param name="Action">The scheduled action, or null for what is outside of the schedule: norms and updates.</param>
/// <param name="Name">The action's letter, or a name such as <c>Step</c>.</param>
/// <param name="Start">When it began, in ticks of <see cref="System.Diagnostics.Stopwatch"/>.</param>
/// <param name="End">When it ended, in the same ticks.</param>
public readonly record struct WorkTiming(int Device, PipelineAction? Action, string Name, long Start, long End)
{
    /// <summary>Whether it was the end of a step, norm or update, rather than a load or a snapshot.</summary>
    public bool IsUpdate => Action is null && Name is ("norm" or "step");
}
