using ActorTrain.Core.Advice;
using ActorTrain.Core.Plans;
using ActorTrain.Core.Schedules;
using ActorTrain.Core.Settings;
using ActorTrain.Core.Simulation;
using ActorTrain.Core.Tests.Tracing;
using ActorTrain.Core.Tracing;

namespace ActorTrain.Core.Tests.Advice;

public sealed class RunConditionsTests
{
    private static readonly ChunkCost Cost = new(1, 0.5, 2, 1, 1, 0.25);

    [Fact]
    public void A_run_without_noise_has_none()
    {
        var conditions = RunConditions.Of(Traces.Uniform(new OneForwardOneBackwardSchedule(), 2, 8, steps: 4, Cost));

        Assert.Equal(new RunConditions { IsCluster = true }, conditions with { HandOffSeconds = Math.Round(conditions.HandOffSeconds, 9) });
    }

    [Fact]
    public void Jitter_is_read_back()
    {
        var schedule = new OneForwardOneBackwardSchedule().Create(new ScheduleShape(2, 1, 16));
        var costs = CostModel.Uniform(2, Cost);
        var trace = Traces.Of(PipelineSimulator.Simulate(schedule, costs, new SimulationOptions { Steps = 30, Jitter = new Jitter(7, 0.2) }), costs.Chunks);

        Assert.InRange(RunConditions.Of(trace).Spread, 0.17, 0.23);
    }

    [Fact]
    public void A_profile_takes_over_what_a_run_of_it_took()
    {
        var profile = new ModelProfile
        {
            Layers = [.. Enumerable.Repeat(new LayerCost("h", 1, 2, 1, 1, 8, 8, 8, 8, 8), 4)],
            InputBytes = 8,
            OptimizerBuffers = 2,
            LossSeconds = 0.5,
            UpdateSecondsPerByte = 0.125,
        };
        var plan = new TracePlan(new Partition(1, 3), [.. Enumerable.Repeat(RecomputePolicy.None, 4)]);
        var schedule = new OneForwardOneBackwardSchedule().Create(new ScheduleShape(2, 1, 8));
        var real = new CostModel([new ChunkCost(2, 0, 3, 0, 0, 1), new ChunkCost(3, 1, 6, 0, 0, 3)]);
        var trace = Traces.Of(PipelineSimulator.Simulate(schedule, real, new SimulationOptions { Steps = 3 }), real.Chunks) with { Plan = plan };

        var corrected = ProfileCalibration.By(profile, trace);

        Assert.Equal(real.Chunks, new PlanPredictor(corrected).Costs(
            plan.Partition, [new PlanDevice(default), new PlanDevice(default)], schedule, plan.Recompute).Chunks.Select((c, i) => c with
            {
                Loss = real.Chunks[i].Loss,
                InputGradient = 0,
                WeightGradient = 0,
            }));
    }

    [Fact]
    public void A_trace_of_another_model_is_refused()
    {
        var trace = Traces.Uniform(new OneForwardOneBackwardSchedule(), 2, 8, steps: 4, Cost) with
        {
            Plan = new TracePlan(new Partition(1, 2), [.. Enumerable.Repeat(RecomputePolicy.None, 3)]),
        };
        var profile = new ModelProfile { Layers = [new LayerCost("h", 1, 2, 1, 1, 8, 8, 8, 8, 8)], InputBytes = 8, OptimizerBuffers = 2 };

        Assert.Contains("3 layers, the profile is of 1", Assert.Throws<TraceException>(() => ProfileCalibration.By(profile, trace)).Message, StringComparison.Ordinal);
    }
}
