using ActorTrain.Core.Schedules;

namespace ActorTrain.Core.Tracing;

/// <summary>Something that a device did. Times are ticks of <see cref="System.Diagnostics.Stopwatch"/>.</summary>
/// <param name="Step">The step.</param>
/// <param name="Action">The scheduled action, or null.</param>
/// <param name="Name">What it was where it was no scheduled action.</param>
/// <param name="Ready">When its input was there.</param>
/// <param name="Start">When it began.</param>
/// <param name="End">When it ended.</param>
/// <param name="MemoryBytes">What the process held then, or 0 where it was not asked.</param>
internal readonly record struct TraceRecord(
    long Step, PipelineAction? Action, string Name, long Ready, long Start, long End, long MemoryBytes);
