using System.Collections.Immutable;
using ActorTrain.Core.Devices;
using ActorTrain.Core.Schedules;
using ActorTrain.Core.Settings;
using ActorTrain.Core.Simulation;

namespace ActorTrain.Core.Plans;

/// <summary>Predicts what a plan takes: memory by adding up, step time and bubble by simulation.</summary>
/// <param name="profile">The model.</param>
/// <param name="latencySeconds">Latency of an edge between two devices.</param>
/// <param name="bytesPerSecond">Bandwidth of an edge between two devices, in each direction.</param>
public sealed class PlanPredictor(
    ModelProfile profile, double latencySeconds = 0, double bytesPerSecond = double.PositiveInfinity)
{
    /// <summary>Makes a plan with its predictions.</summary>
    /// <param name="partition">Which layers form which stage; one stage for each of the schedule's chunks.</param>
    /// <param name="devices">The devices that the schedule's indices stand for.</param>
    /// <param name="schedule">The schedule.</param>
    /// <param name="recompute">For each layer its policy.</param>
    /// <param name="speeds">For each device its speed, 1 for the profiled one; null when all are equal.</param>
    /// <exception cref="PlanException">The parts do not fit one another.</exception>
    /// <exception cref="ScheduleException">The schedule breaks a rule.</exception>
    public PipelinePlan Predict(
        Partition partition,
        ImmutableArray<DeviceSpec> devices,
        Schedule schedule,
        ImmutableArray<RecomputePolicy> recompute,
        IReadOnlyList<double>? speeds = null)
    {
        partition.Require(profile.Layers.Length, schedule.Shape.Chunks);
        RequireOneEach("devices", devices.Length, "devices of the schedule", schedule.Shape.Devices);
        RequireOneEach("recompute policies", recompute.Length, "layers", profile.Layers.Length);
        RequireOneEach("speeds", speeds?.Count ?? devices.Length, "devices", devices.Length);

        var result = PipelineSimulator.Simulate(
            schedule,
            Costs(partition, schedule, recompute, speeds),
            new SimulationOptions { Steps = 3, KeepTimeline = false });
        return new PipelinePlan
        {
            Partition = partition,
            Devices = devices,
            Schedule = schedule,
            Recompute = recompute,
            StepSeconds = result.StepSeconds,
            BubbleFraction = result.StepBubbleFraction,
            Memory = [.. Enumerable.Range(0, devices.Length).Select(device => MemoryEstimate.OfDevice(schedule.ChunksOf(device)
                .Select(stage => MemoryEstimate.OfStage(profile, partition[stage], schedule.Credits[stage], recompute, !schedule.SplitMicroBatches(stage).IsEmpty))))],
        };
    }

    private static void RequireOneEach(string what, int count, string of, int wanted)
    {
        if (count != wanted)
            throw new PlanException($"there are {count} {what} for {wanted} {of}; one for each is right");
    }

    /// <summary>The times that a plan is predicted with.</summary>
    /// <inheritdoc cref="Predict" path="/param"/>
    public CostModel Costs(
        Partition partition, Schedule schedule, ImmutableArray<RecomputePolicy> recompute, IReadOnlyList<double>? speeds = null)
    {
        var stages = Enumerable.Range(0, partition.Stages);
        return new CostModel(
            [.. stages.Select(s => Cost(partition[s], recompute, speeds?[schedule.Placement[s]] ?? 1))],
            [.. stages.SkipLast(1).Select(s => schedule.Placement[s] == schedule.Placement[s + 1]
                ? EdgeCost.None
                : Edge(profile.Layers[partition[s].End - 1].OutputBytes))]);
    }

    private ChunkCost Cost(LayerRange range, ImmutableArray<RecomputePolicy> recompute, double speed)
    {
        double forward = 0, backward = 0, inputGradient = 0, weightGradient = 0, bytes = 0;
        foreach (var layer in range.Layers)
        {
            var cost = profile.Layers[layer];
            forward += cost.ForwardSeconds;
            backward += cost.BackwardSecondsWith(recompute[layer]);
            inputGradient += cost.InputGradientSecondsWith(recompute[layer]);
            weightGradient += cost.WeightGradientSeconds;
            bytes += cost.ParameterBytes;
        }

        return new ChunkCost(
            forward / speed,
            profile.LossSeconds / speed,
            backward / speed,
            inputGradient / speed,
            weightGradient / speed,
            bytes * profile.UpdateSecondsPerByte / speed);
    }

    private EdgeCost Edge(long bytes)
    {
        var link = new LinkCost(latencySeconds, bytes, bytesPerSecond);
        return new EdgeCost(link, link);
    }
}
