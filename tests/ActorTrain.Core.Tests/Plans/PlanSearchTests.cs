using System.Collections.Immutable;
using ActorTrain.Core.Devices;
using ActorTrain.Core.Plans;
using ActorTrain.Core.Plugins;
using ActorTrain.Core.Schedules;
using ActorTrain.Core.Settings;
using CsCheck;

namespace ActorTrain.Core.Tests.Plans;

public sealed class PlanSearchTests
{
    private static readonly PluginRegistry Registry = CoreExtensions.Register(new PluginRegistry());

    private static readonly ImmutableArray<IScheduleFactory> Schedules =
        [.. Registry.Names<IScheduleFactory>().Select(Registry.Get<IScheduleFactory>)];

    private static readonly Gen<LayerCost> Layers =
        from seconds in Gen.Int[1, 9].Array[4]
        from bytes in Gen.Int[0, 40].Array[5]
        select new LayerCost("h", seconds[0], seconds[1] + seconds[2], seconds[1], seconds[2], bytes[0], bytes[1] + 1, bytes[2] + 1, bytes[3], bytes[4] + 1);

    private static readonly Gen<PlanRequest> Requests =
        from layers in Layers.Array[3, 8]
        from devices in Gen.Int[1, 3]
        from speeds in Gen.OneOf(0.5, 1.0, 2.0).Array[devices]
        from memory in Gen.Int[200, 3000].Array[devices]
        from latency in Gen.Int[0, 2]
        from microBatches in Gen.Int[1, 6]
        select new PlanRequest
        {
            Profile = new ModelProfile { Layers = [.. layers], InputBytes = 2, OptimizerBuffers = 2, LossSeconds = 0.5 },
            ProfiledMicroBatches = microBatches,
            Devices = [.. speeds.Select((speed, i) => Device(i, speed, memory[i]) with { Link = new(latency, 0.01) })],
            Schedules = Schedules,
        };

    [Fact]
    public void No_plan_made_by_hand_is_better() => Requests.Sample(
        request =>
        {
            var best = ByHand(request).Where(c => c.Fits).Select(c => c.Plan.StepSeconds).DefaultIfEmpty(double.PositiveInfinity).Min();
            var chosen = PlanSearch.Choose(request).Best;
            Assert.True(
                best == double.PositiveInfinity || (chosen.Fits && chosen.Plan.StepSeconds <= best * (1 + 1e-9)),
                $"{chosen.Plan.Schedule.Name} takes {chosen.Plan.StepSeconds}, by hand {best}");
        },
        iter: 40);

    [Fact]
    public void A_plan_never_exceeds_memory_and_is_always_the_same() => Requests.Sample(
        request =>
        {
            PlanChoice choice;
            try
            {
                choice = PlanSearch.Find(request with { FewerDevices = true });
            }
            catch (PlanException e)
            {
                Assert.Contains("too little", e.Message, StringComparison.Ordinal);
                return;
            }

            var plan = choice.Best.Plan;
            for (var device = 0; device < plan.Devices.Length; device++)
                Assert.InRange(plan.Memory[device].Total, 0, request.Devices[device].MemoryBytes!.Value);
            var again = PlanSearch.Find(request with { FewerDevices = true }).Best.Plan;
            Assert.Equal((plan.Schedule.Name, plan.Partition, plan.StepSeconds), (again.Schedule.Name, again.Partition, again.StepSeconds));
        },
        iter: 40);

    [Fact]
    public void Recomputation_is_chosen_only_where_memory_is_short()
    {
        var request = Uniform(layers: 4, devices: 2, memory: null) with { Schedules = [new OneForwardOneBackwardSchedule()] };
        var limited = request with { Devices = [Device(0, 1, 400), Device(1, 1, 10_000)] };

        Assert.DoesNotContain(RecomputePolicy.Full, PlanSearch.Find(request).Best.Plan.Recompute);
        var plan = PlanSearch.Find(limited).Best.Plan;
        Assert.Contains(RecomputePolicy.Full, plan.Recompute.Take(plan.Partition[0].Count));
        Assert.DoesNotContain(RecomputePolicy.Full, plan.Recompute.Skip(plan.Partition[0].Count));
    }

    [Fact]
    public void A_slow_device_gets_fewer_layers_whatever_the_placement()
    {
        var request = Uniform(layers: 12, devices: 2, memory: null) with
        {
            Devices = [Device(0, 0.5, null), Device(1, 1, null)],
            Schedules = [new ZeroBubbleVSchedule()],
        };

        var plan = PlanSearch.Find(request).Best.Plan;

        Assert.Equal(4, plan.Schedule.ChunksOf(0).Sum(chunk => plan.Partition[chunk].Count));
    }

    [Fact]
    public void A_slow_link_makes_fewer_devices_faster()
    {
        var request = Uniform(layers: 4, devices: 2, memory: null);
        request = request with { FewerDevices = true, Devices = [Device(0, 1, null) with { Link = new(100, 0) }, Device(1, 1, null)] };

        Assert.Single(PlanSearch.Find(request).Best.Plan.Devices);
    }

    [Fact]
    public void What_was_rejected_says_why()
    {
        var request = Uniform(layers: 8, devices: 2, memory: 1500);

        var choice = PlanSearch.Find(request);

        Assert.Equal(Schedules.Length, choice.Rejected.Length + 1);
        Assert.Contains(choice.Rejected, c => choice.WhyNot(c).StartsWith("slower by ", StringComparison.Ordinal));
    }

    [Fact]
    public void A_model_that_fits_nothing_is_explained_in_numbers()
    {
        var request = Uniform(layers: 6, devices: 2, memory: 210) with { Schedules = [new OneForwardOneBackwardSchedule()] };

        var message = Assert.Throws<PlanException>(() => PlanSearch.Find(request)).Message;

        Assert.Contains("no plan fits the memory. The nearest is 1f1b with 8 micro-batches", message, StringComparison.Ordinal);
        Assert.Contains("too little. What would fit: ", message, StringComparison.Ordinal);
        Assert.Contains("devices, the further ones as the last", message, StringComparison.Ordinal);
        Assert.Contains("layers instead of 6", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Many_layers_on_many_devices_are_planned()
    {
        var request = Uniform(layers: 100, devices: 50, memory: 100_000) with { ProfiledMicroBatches = 50 };

        var plan = PlanSearch.Find(request).Best.Plan;

        Assert.Equal(100, plan.Partition.Layers);
        Assert.True(plan.BubbleFraction < 0.3, $"bubble {plan.BubbleFraction}");
    }

    private static PlanRequest Uniform(int layers, int devices, long? memory) => new()
    {
        Profile = new ModelProfile
        {
            Layers = [.. Enumerable.Repeat(new LayerCost("h", 1, 2, 1, 1, 10, 100, 100, 50, 10), layers)],
            InputBytes = 10,
            OptimizerBuffers = 2,
        },
        ProfiledMicroBatches = 8,
        Devices = [.. Enumerable.Range(0, devices).Select(i => Device(i, 1, memory))],
        Schedules = Schedules,
    };

    private static PlanDevice Device(int index, double speed, long? memory) => new(new(DeviceKind.Cpu, index, index), speed, memory);

    private static IEnumerable<PlanCandidate> ByHand(PlanRequest request)
    {
        var (layers, devices) = (request.Profile.Layers.Length, request.Devices.Length);
        var predictor = new PlanPredictor(request.Profile);
        return
            from factory in Schedules
            let stages = devices * factory.DefaultChunksPerDevice
            where stages <= layers
            let schedule = factory.Create(new(devices, factory.DefaultChunksPerDevice, request.ProfiledMicroBatches))
            from counts in AllPartitions(layers, stages)
            from policy in Enum.GetValues<RecomputePolicy>()
            select new PlanCandidate(
                predictor.Predict(new Partition(counts), request.Devices, schedule, [.. Enumerable.Repeat(policy, layers)]),
                [.. request.Devices.Select(d => d.MemoryBytes)]);
    }

    private static IEnumerable<int[]> AllPartitions(int layers, int stages) => stages == 1
        ? [[layers]]
        : Enumerable.Range(1, layers - stages + 1).SelectMany(first =>
            AllPartitions(layers - first, stages - 1).Select(rest => (int[])[first, .. rest]));
}
