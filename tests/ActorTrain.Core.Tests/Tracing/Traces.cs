using System.Collections.Immutable;
using System.Globalization;
using ActorTrain.Core.Schedules;
using ActorTrain.Core.Simulation;
using ActorTrain.Core.Tracing;

namespace ActorTrain.Core.Tests.Tracing;

/// <summary>Traces of simulated runs, whose truth is known.</summary>
internal static class Traces
{
    /// <summary>The trace of a run that did what a simulation did; steps are counted from 1.</summary>
    public static Trace Of(SimulationResult result, ImmutableArray<ChunkCost> predicted)
    {
        var devices = result.Schedule.Shape.Devices;
        IEnumerable<TraceSlice> actions = result.Timeline!.Value.Select(t => new TraceSlice(
            t.Device, t.Step + 1, t.Action, t.Action.ToString(), t.Start, t.Start, t.End));
        var updates = result.Updates!.Value.Select(u => new TraceSlice(u.Device, u.Step + 1, null, TraceSlice.Update, u.Start, u.Start, u.End));
        return new Trace
        {
            Job = "test",
            Schedule = result.Schedule,
            Devices = [.. Enumerable.Range(0, devices).Select(d => new TraceDevice(d == 0 ? "one" : "two", string.Create(CultureInfo.InvariantCulture, $"cpu:{d}")))],
            Predicted = predicted,
            Slices = [.. actions.Concat(updates).OrderBy(s => s.Start).ThenByDescending(s => s.End)],
            Marks = [new TraceMark("checkpoint of step 1", 0.5)],
            Memory = [new MemorySample(0.25, 1 << 20)],
        };
    }

    /// <summary>A schedule's run with equal times.</summary>
    public static Trace Uniform(IScheduleFactory factory, int devices, int microBatches, int steps, ChunkCost cost)
    {
        var schedule = factory.Create(new ScheduleShape(devices, factory.DefaultChunksPerDevice, microBatches));
        var costs = CostModel.Uniform(schedule.Shape.Chunks, cost);
        return Of(PipelineSimulator.Simulate(schedule, costs, new SimulationOptions { Steps = steps }), costs.Chunks);
    }
}
