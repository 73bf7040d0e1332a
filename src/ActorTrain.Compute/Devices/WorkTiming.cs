using ActorTrain.Core.Schedules;

namespace ActorTrain.Compute.Devices;

/// <summary>When a device did something.</summary>
/// <param name="Device">The device's place in the pipeline.</param>
/// <param name="Action">The scheduled action, or null for what is outside of the schedule: norms and updates.</param>
/// <param name="Name">The action's letter, or a name such as <c>Step</c>.</param>
/// <param name="Ready">When it was handed over, its input there, in ticks of <see cref="System.Diagnostics.Stopwatch"/>.</param>
/// <param name="Start">When it began, in the same ticks.</param>
/// <param name="End">When it ended, in the same ticks.</param>
public readonly record struct WorkTiming(int Device, PipelineAction? Action, string Name, long Ready, long Start, long End)
{
    /// <summary>The name of a forward pass that is run again within a backward pass.</summary>
    public const string Recompute = Core.Tracing.TraceSlice.Recompute;

    /// <summary>Whether it was a part of another piece of work, which is told on its own.</summary>
    public bool IsPart => Action is null && Name == Recompute;

    /// <summary>Whether it was the end of a step, norm or update, rather than a load or a snapshot.</summary>
    public bool IsUpdate => Action is null && Name is ("norm" or "step");
}
