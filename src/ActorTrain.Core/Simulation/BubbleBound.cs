using System.Collections.Immutable;
using ActorTrain.Core.Schedules;

namespace ActorTrain.Core.Simulation;

/// <summary>What a schedule allows at best with given action times: no link, hand-over or jitter costs anything.</summary>
/// <param name="StepSeconds">The least time of a step.</param>
/// <param name="BubbleFraction">The bubble of such a step.</param>
public sealed record BubbleBound(double StepSeconds, double BubbleFraction)
{
    /// <summary>The bound that a real run's step time and bubble are compared with.</summary>
    /// <param name="schedule">The schedule.</param>
    /// <param name="chunks">For each chunk the mean times that were measured.</param>
    /// <exception cref="ScheduleException">The schedule breaks a rule.</exception>
    /// <exception cref="ArgumentException">There are times for another number of chunks, or a time is negative or not finite.</exception>
    public static BubbleBound Of(Schedule schedule, ImmutableArray<ChunkCost> chunks)
    {
        var result = PipelineSimulator.Simulate(
            schedule, new CostModel(chunks), new SimulationOptions { Steps = 3, KeepTimeline = false });
        return new BubbleBound(result.StepSeconds, result.StepBubbleFraction);
    }
}
