using ActorTrain.Compute.Layers;
using ActorTrain.Core.Schedules;
using ActorTrain.Core.Simulation;

namespace ActorTrain.Benchmarks.Prediction;

/// <summary>What goes wrong in a pipeline.</summary>
/// <param name="Name">For the table.</param>
/// <param name="Spread">Of a log-normal jitter on every action.</param>
/// <param name="SlowDevice">A device that is slow, or none.</param>
/// <param name="Slowness">How many times as long its actions take.</param>
/// <param name="Stalls">The share of actions that take five times as long.</param>
internal sealed record Condition(string Name, double Spread = 0, int? SlowDevice = null, double Slowness = 1, double Stalls = 0)
{
    private const double Stall = 5;

    /// <summary>The conditions of the benchmark, none first.</summary>
    public static IReadOnlyList<Condition> All { get; } =
    [
        new("nothing"),
        new("jitter 0.2", Spread: 0.2),
        new("jitter 0.5", Spread: 0.5),
        new("1 % stall 5x", Stalls: 0.01),
        new("5 % stall 5x", Stalls: 0.05),
        new("device 1 slow 1.3x, jitter 0.2", Spread: 0.2, SlowDevice: 1, Slowness: 1.3),
    ];

    /// <summary>The factor on an action's time: a function of the seed and the action, so that all schedules meet the same luck.</summary>
    public double Factor(ulong seed, int step, PipelineAction action, int device)
    {
        // A weight gradient's part of a backward pass has the luck of the pass, or splitting would even it out.
        var kind = action.Kind is ActionKind.InputGradient or ActionKind.WeightGradient ? ActionKind.Backward : action.Kind;
        var random = new Random((int)RandomKey.Mix(seed, (ulong)step, (ulong)kind, (ulong)action.Chunk, (ulong)action.MicroBatch));
        var z = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        var jitter = Math.Exp(Spread * z - Spread * Spread / 2);
        return jitter * (random.NextDouble() < Stalls ? Stall : 1) * (device == SlowDevice ? Slowness : 1);
    }

    /// <summary>A schedule's mean step time, simulated.</summary>
    public double Simulate(Schedule schedule, ChunkCost cost, int seeds) => Enumerable.Range(0, seeds).Average(seed =>
        PipelineSimulator.Simulate(schedule, CostModel.Uniform(schedule.Shape.Chunks, cost), new SimulationOptions
        {
            Steps = 3,
            KeepTimeline = false,
            ActionSeconds = (step, action) => cost.Of(action.Kind) * Factor((ulong)seed, step, action, schedule.Placement[action.Chunk]),
        }).StepSeconds);
}
