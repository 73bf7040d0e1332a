using System.Collections.Immutable;
using ActorTrain.Core.Plans;
using ActorTrain.Core.Simulation;

namespace ActorTrain.Core.Advice;

/// <summary>What a step of a plan takes under the conditions of a run, which all plans meet alike.</summary>
/// <param name="conditions">The conditions; null for none.</param>
internal sealed class PlanJudge(RunConditions? conditions)
{
    // Enough for the mean of a jittered run to tell plans apart that differ by a percent.
    private const int JitteredSteps = 40;
    private const int Steps = 3;
    private const ulong Seed = 42;

    /// <summary>The predicted time of a step.</summary>
    /// <param name="profile">The model, for the plan's micro-batches.</param>
    /// <param name="devices">The plan's devices.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="sizes">What tensors become on the wire.</param>
    public double Seconds(ModelProfile profile, ImmutableArray<PlanDevice> devices, PipelinePlan plan, WireSizes sizes)
    {
        var costs = new PlanPredictor(profile) { Sizes = sizes }.Costs(plan.Partition, devices, plan.Schedule, plan.Recompute);
        var jitter = conditions is { Spread: > 0 } ? new Jitter(Seed, conditions.Spread) : null;
        return PipelineSimulator.Simulate(plan.Schedule, WithHandOffs(costs), new SimulationOptions
        {
            Steps = jitter is null ? Steps : JitteredSteps,
            KeepTimeline = false,
            Jitter = jitter,
        }).StepSeconds;
    }

    /// <summary>Each action is handed over once, which a device waits for.</summary>
    private CostModel WithHandOffs(CostModel costs)
    {
        var more = conditions?.HandOffSeconds ?? 0;
        return more == 0 ? costs : new CostModel(
            [.. costs.Chunks.Select(c => c with
            {
                Forward = c.Forward + more,
                Backward = c.Backward + more,
                InputGradient = c.InputGradient + more,
                WeightGradient = c.WeightGradient + more,
            })],
            costs.Edges);
    }
}
