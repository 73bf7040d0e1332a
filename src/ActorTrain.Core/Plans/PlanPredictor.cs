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
    /// <summary>What tensors become on edges that have a bandwidth.</summary>
    public WireSizes Sizes { get; init; } = WireSizes.Full;

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
        RequireOneEach("speeds", speeds?.Count ?? devices.Length, "devices", devices.Length);
        var link = new PlanLink(latencySeconds, 1 / bytesPerSecond);
        return Predict(partition, [.. devices.Select((spec, i) => new PlanDevice(spec, speeds?[i] ?? 1, null, link))], schedule, recompute);
    }

    /// <summary>Makes a plan with its predictions, for devices that have links of their own.</summary>
    /// <param name="partition">Which layers form which stage; one stage for each of the schedule's chunks.</param>
    /// <param name="devices">The devices that the schedule's indices stand for.</param>
    /// <param name="schedule">The schedule.</param>
    /// <param name="recompute">For each layer its policy.</param>
    /// <exception cref="PlanException">The parts do not fit one another.</exception>
    /// <exception cref="ScheduleException">The schedule breaks a rule.</exception>
    public PipelinePlan Predict(
        Partition partition, ImmutableArray<PlanDevice> devices, Schedule schedule, ImmutableArray<RecomputePolicy> recompute)
    {
        partition.Require(profile.Layers.Length, schedule.Shape.Chunks);
        RequireOneEach("devices", devices.Length, "devices of the schedule", schedule.Shape.Devices);
        RequireOneEach("recompute policies", recompute.Length, "layers", profile.Layers.Length);
        var result = PipelineSimulator.Simulate(
            schedule, Costs(partition, devices, schedule, recompute), new SimulationOptions { Steps = 3, KeepTimeline = false });
        return new PipelinePlan
        {
            Partition = partition,
            Devices = [.. devices.Select(d => d.Spec)],
            Schedule = schedule,
            Recompute = recompute,
            StepSeconds = result.StepSeconds,
            BubbleFraction = result.StepBubbleFraction,
            Memory = [.. schedule.Peaks.Select(peaks => MemoryEstimate.OfDevice(profile, partition, peaks, recompute))],
        };
    }

    /// <summary>What the simulator is told.</summary>
    /// <param name="partition">Which layers form which stage.</param>
    /// <param name="devices">The devices.</param>
    /// <param name="schedule">The schedule.</param>
    /// <param name="recompute">For each layer its policy.</param>
    public CostModel Costs(
        Partition partition, ImmutableArray<PlanDevice> devices, Schedule schedule, ImmutableArray<RecomputePolicy> recompute)
    {
        var stages = Enumerable.Range(0, partition.Stages);
        return new CostModel(
            [.. stages.Select(s => Cost(partition[s], recompute, devices[schedule.Placement[s]].Speed))],
            [.. stages.SkipLast(1).Select(s => Edge(
                profile.Layers[partition[s].End - 1].OutputBytes,
                PlanLink.Between(devices, schedule.Placement[s], schedule.Placement[s + 1])))]);
    }

    private static void RequireOneEach(string what, int count, string of, int wanted)
    {
        if (count != wanted)
            throw new PlanException($"there are {count} {what} for {wanted} {of}; one for each is right");
    }

    private ChunkCost Cost(LayerRange range, ImmutableArray<RecomputePolicy> recompute, double speed)
    {
        double forward = 0, backward = 0, inputGradient = 0, weightGradient = 0, bytes = 0;
        for (var layer = range.First; layer < range.End; layer++)
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

    private EdgeCost Edge(long bytes, PlanLink way)
    {
        var bandwidth = way.SecondsPerByte > 0 ? 1 / way.SecondsPerByte : double.PositiveInfinity;
        return new EdgeCost(
            new LinkCost(way.LatencySeconds, bytes * Sizes.Activations, bandwidth),
            new LinkCost(way.LatencySeconds, bytes * Sizes.Gradients, bandwidth));
    }
}
