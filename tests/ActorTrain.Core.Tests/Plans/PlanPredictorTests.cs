using System.Collections.Immutable;
using ActorTrain.Core.Devices;
using ActorTrain.Core.Plans;
using ActorTrain.Core.Schedules;
using ActorTrain.Core.Settings;
using ActorTrain.Core.Tests.Schedules;

namespace ActorTrain.Core.Tests.Plans;

public sealed class PlanPredictorTests
{
    private static readonly ModelProfile Profile = new()
    {
        Layers =
        [
            new("wte", 1, 2, 1.5, 0.75, 1000, 50, 55, 20, 7),
            new("h.0", 1, 2, 1.5, 0.75, 100, 30, 35, 20, 7),
            new("h.1", 1, 2, 1.5, 0.75, 100, 40, 45, 20, 7),
            new("head", 1, 2, 1.5, 0.75, 1000, 60, 65, 20, 9),
        ],
        InputBytes = 3,
        OptimizerBuffers = 2,
    };

    private static readonly ImmutableArray<DeviceSpec> Devices = [new(DeviceKind.Cpu, 0, 0), new(DeviceKind.Cpu, 1, 1)];
    private static readonly ImmutableArray<RecomputePolicy> None = [.. Enumerable.Repeat(RecomputePolicy.None, 4)];
    private static readonly ImmutableArray<RecomputePolicy> Full = [.. Enumerable.Repeat(RecomputePolicy.Full, 4)];
    private static readonly Schedule Schedule = new OneForwardOneBackwardSchedule().Create(new(2, 1, 4));

    [Fact]
    public void Every_micro_batch_in_flight_keeps_its_activations()
    {
        var plan = new PlanPredictor(Profile).Predict(new Partition(2, 2), Devices, Schedule, None);

        Assert.Equal(
            [new(1100, 1100, 2200, 2 * (50 + 30), 0), new MemoryEstimate(1100, 1100, 2200, 1 * (40 + 60), 0)],
            plan.Memory.ToArray());
        Assert.Equal(4560, plan.Memory[0].Total);
    }

    [Fact]
    public void A_recomputed_layer_keeps_its_input_and_needs_the_largest_layer_once()
    {
        var plan = new PlanPredictor(Profile).Predict(new Partition(2, 2), Devices, Schedule, Full);

        Assert.Equal((2 * (3 + 7), 50), (plan.Memory[0].Activations, plan.Memory[0].Recomputation));
        Assert.Equal((7 + 7, 60), (plan.Memory[1].Activations, plan.Memory[1].Recomputation));
    }

    [Fact]
    public void Chunks_on_one_device_add_up_but_recompute_one_at_a_time()
    {
        var schedule = new Schedule("reactive", new(2, 2, 4), [0, 1, 1, 0], [2, 2, 2, 1], null);

        var plan = new PlanPredictor(Profile).Predict(new Partition(1, 1, 1, 1), Devices, schedule, Full);

        Assert.Equal([new(2000, 2000, 4000, 2 * 3 + 7, 60), new MemoryEstimate(200, 200, 400, 4 * 7, 40)], plan.Memory.ToArray());
        Assert.Equal(Devices[0], plan.DeviceOf(3));
    }

    [Fact]
    public void The_step_and_its_bubble_are_the_simulators()
    {
        var plan = new PlanPredictor(Profile).Predict(new Partition(2, 2), Devices, Schedule, None);

        Assert.Equal((4 + 1) * 6, plan.StepSeconds, 9);
        Assert.Equal(1.0 / 5, plan.BubbleFraction, 9);
    }

    [Theory]
    [InlineData(RecomputePolicy.None, 55 + 35, 0)]
    [InlineData(RecomputePolicy.Full, 20 + 20, 55)]
    public void A_split_micro_batch_keeps_the_greater_of_what_B_and_W_need(RecomputePolicy policy, long activations, long recomputation)
    {
        var split = Pipelines.Lists(new(2, 1, 1), [0, 1], [1, 1], "F0@0 B0@0 W0@0", "F0@1 L0@1 B0@1 W0@1");

        var plan = new PlanPredictor(Profile).Predict(new Partition(2, 2), Devices, split, [.. Enumerable.Repeat(policy, 4)]);

        Assert.Equal((activations, recomputation), (plan.Memory[0].Activations, plan.Memory[0].Recomputation));
    }

    [Fact]
    public void A_split_backward_takes_the_times_of_its_halves()
    {
        var split = Pipelines.Lists(new(2, 1, 1), [0, 1], [1, 1], "F0@0 B0@0 W0@0", "F0@1 L0@1 B0@1 W0@1");

        var plan = new PlanPredictor(Profile).Predict(new Partition(2, 2), Devices, split, None);
        var recomputed = new PlanPredictor(Profile).Predict(new Partition(2, 2), Devices, split, Full);

        // The lower stage's W runs beside the upper stage's B.
        Assert.Equal(2 * 2 + 2 * 3 + 1.5, plan.StepSeconds, 9);
        Assert.Equal(plan.StepSeconds + 2 * 2, recomputed.StepSeconds, 9);
    }

    [Fact]
    public void Recomputation_costs_a_forward_and_a_slow_device_its_speed()
    {
        var plan = new PlanPredictor(Profile).Predict(new Partition(2, 2), Devices, Schedule, Full, [0.5, 0.5]);

        Assert.Equal((4 + 1) * 8 * 2, plan.StepSeconds, 9);
    }

    [Fact]
    public void Edges_between_devices_take_time()
    {
        var plan = new PlanPredictor(Profile, 0.5, 7).Predict(
            new Partition(2, 2), Devices, new OneForwardOneBackwardSchedule().Create(new(2, 1, 1)), None);

        // One activation down and one gradient up, 1.5 s each. The norms overtake the gradient, which stage 0 has yet to
        // use, and the verdict reaches stage 1 before the next activation.
        Assert.Equal(12 + 2 * 1.5, plan.StepSeconds, 9);
    }

    [Fact]
    public void Parts_that_do_not_fit_are_refused()
    {
        var predictor = new PlanPredictor(Profile);

        Assert.Throws<PlanException>(() => predictor.Predict(new Partition(2, 1), Devices, Schedule, None));
        Assert.Throws<PlanException>(() => predictor.Predict(new Partition(2, 2), [Devices[0]], Schedule, None));
        Assert.Throws<PlanException>(() => predictor.Predict(new Partition(2, 2), Devices, Schedule, [RecomputePolicy.None]));
        Assert.Throws<PlanException>(() => predictor.Predict(new Partition(2, 2), Devices, Schedule, None, [1]));
    }
}
