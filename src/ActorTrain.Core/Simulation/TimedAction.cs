using ActorTrain.Core.Schedules;

namespace ActorTrain.Core.Simulation;

/// <summary>An action with its time.</summary>
/// <param name="Device">The device that ran it.</param>
/// <param name="Step">The step, from 0.</param>
/// <param name="Action">What was done.</param>
/// <param name="Start">Start in seconds.</param>
/// <param name="End">End in seconds.</param>
public readonly record struct TimedAction(int Device, int Step, PipelineAction Action, double Start, double End);

/// <summary>A chunk's optimizer step with its time.</summary>
/// <param name="Device">The device that ran it.</param>
/// <param name="Step">The step, from 0.</param>
/// <param name="Chunk">The chunk whose weights were updated.</param>
/// <param name="Start">Start in seconds.</param>
/// <param name="End">End in seconds.</param>
public readonly record struct TimedUpdate(int Device, int Step, int Chunk, double Start, double End);
