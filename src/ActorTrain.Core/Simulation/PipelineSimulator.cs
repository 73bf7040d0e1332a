using ActorTrain.Core.Schedules;

namespace ActorTrain.Core.Simulation;

/// <summary>
/// Runs a schedule against a cost model, as the runtime would: a device does one thing at a time, an action starts when
/// its device is free and its input is there, and the optimizer's <c>Step</c> waits for the verdict on all gradients.
/// </summary>
/// <remarks>
/// Discrete events in a priority queue, O(actions × log(devices + messages on their way)), in flat arrays. Between steps
/// the norms travel up behind the last gradients and the verdict travels down; these two take the links' latencies.
/// </remarks>
public static class PipelineSimulator
{
    /// <summary>Simulates some steps.</summary>
    /// <param name="schedule">The schedule; it is validated first.</param>
    /// <param name="costs">Times of its chunks and edges.</param>
    /// <param name="options">How many steps, and what is kept; one step with its timeline when null.</param>
    /// <exception cref="ScheduleException">The schedule breaks a rule.</exception>
    /// <exception cref="ArgumentException">The cost model is for another number of chunks, the number of steps is less than 1 or too great,
    /// or speeds or failures name other devices or impossible times.</exception>
    public static SimulationResult Simulate(Schedule schedule, CostModel costs, SimulationOptions? options = null)
    {
        options ??= new SimulationOptions();
        ScheduleValidator.Validate(schedule);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Steps, 1);
        if ((long)options.Steps * schedule.Shape.MicroBatches > int.MaxValue)
            throw new ArgumentException(
                $"{options.Steps} steps of {schedule.Shape.MicroBatches} micro-batches are more than {int.MaxValue} in all", nameof(options));
        if (costs.Chunks.Length != schedule.Shape.Chunks)
            throw new ArgumentException(
                $"the cost model has {costs.Chunks.Length} chunks, schedule '{schedule.Name}' has {schedule.Shape.Chunks}", nameof(costs));
        CheckDevices(schedule, options);
        return new SimulationRun(schedule, costs, options).Run();
    }

    private static void CheckDevices(Schedule schedule, SimulationOptions options)
    {
        var devices = schedule.Shape.Devices;
        if (options.Speeds is { } speeds)
        {
            if (speeds.Length != devices)
                throw new ArgumentException($"there are speeds for {speeds.Length} devices, schedule '{schedule.Name}' has {devices}", nameof(options));
            for (var device = 0; device < devices; device++)
                if (!(speeds[device] > 0) || double.IsInfinity(speeds[device]))
                    throw new ArgumentException($"device {device}: a speed of {speeds[device]} is not positive and finite", nameof(options));
        }

        foreach (var failure in options.Failures)
        {
            if (failure.Device < 0 || failure.Device >= devices)
                throw new ArgumentException($"{failure}: there is no such device; devices are 0 to {devices - 1}", nameof(options));
            if (!(failure.AtSeconds >= 0 && failure.RecoverySeconds >= 0 && double.IsFinite(failure.AtSeconds + failure.RecoverySeconds)))
                throw new ArgumentException($"{failure}: a time is negative or not finite", nameof(options));
        }
    }
}
