using ActorTrain.Core.Schedules;
using ActorTrain.Core.Simulation;
using ActorTrain.Core.Tests.Schedules;
using CsCheck;

namespace ActorTrain.Core.Tests.Simulation;

public sealed class PipelineSimulatorTests
{
    private static readonly ChunkCost Unit = new(1, 0, 2, 1, 1, 0);

    /// <summary>Whole numbers, so that times that should be equal are.</summary>
    private static readonly Gen<ChunkCost> UniformCosts =
        Gen.Select(Gen.Int[1, 9], Gen.Int[1, 9]).Select((f, b) => new ChunkCost(f, 0, b, 0, 0, 0));

    private static readonly Gen<ChunkCost> AnyCosts = Gen.Select(Gen.Int[1, 9], Gen.Int[0, 3], Gen.Int[1, 9], Gen.Int[0, 3])
        .Select((f, l, b, u) => new ChunkCost(f, l, b, b, f, u));

    private static readonly Gen<EdgeCost> Edges = Gen.Select(Gen.Int[0, 3], Gen.Int[0, 3], Gen.Int[0, 3])
        .Select((latency, down, up) => new EdgeCost(new(latency, down, 1), new(latency, up, 1)));

    private static readonly Gen<(Schedule Schedule, CostModel Costs)> Cases =
        from schedule in Gen.OneOf(Pipelines.Any, Gen.OneOf(Pipelines.Split, Pipelines.VShape))
        from chunks in AnyCosts.Array[schedule.Shape.Chunks]
        from edges in Edges.Array[schedule.Shape.Chunks - 1]
        select (schedule, new CostModel([.. chunks], [.. edges]));

    [Fact]
    public void The_bubble_of_gpipe_and_1f1b_is_the_formulas() =>
        Gen.Select(Pipelines.ByCredits, UniformCosts).Sample((schedule, cost) =>
        {
            var (p, m) = (schedule.Shape.Devices, schedule.Shape.MicroBatches);
            var result = PipelineSimulator.Simulate(schedule, CostModel.Uniform(p, cost));
            Assert.Equal((m + p - 1) * (cost.Forward + cost.Backward), result.Makespan, 9);
            Assert.Equal((p - 1.0) / (m + p - 1), result.BubbleFraction, 12);
        });

    [Fact]
    public void The_peak_in_flight_stays_within_the_credits() =>
        Cases.Sample((schedule, costs) =>
        {
            var peaks = PipelineSimulator.Simulate(schedule, costs).PeakInFlight;
            Assert.All(peaks.Zip(schedule.Credits), pair => Assert.InRange(pair.First, 1, pair.Second));
        });

    [Fact]
    public void The_peak_in_flight_of_a_list_is_its_credits() =>
        Cases.Where(c => !c.Schedule.IsReactive).Sample((schedule, costs) =>
            Assert.Equal<IEnumerable<int>>(schedule.Credits, PipelineSimulator.Simulate(schedule, costs).PeakInFlight));

    [Fact]
    public void Reactive_is_never_slower_than_1f1b_with_uniform_times() =>
        Gen.Select(Pipelines.Shapes, UniformCosts).Sample((shape, cost) =>
        {
            var costs = CostModel.Uniform(shape.Chunks, cost);
            var reactive = PipelineSimulator.Simulate(new ReactiveSchedule().Create(shape), costs);
            var listed = PipelineSimulator.Simulate(new OneForwardOneBackwardSchedule().Create(shape), costs);
            Assert.True(reactive.Makespan <= listed.Makespan, $"{reactive.Makespan} > {listed.Makespan}");
        });

    [Fact]
    public void A_device_runs_one_thing_at_a_time() =>
        Cases.Sample((schedule, costs) =>
        {
            var result = PipelineSimulator.Simulate(schedule, costs, new SimulationOptions { Steps = 2 });
            var spans = result.Timeline!.Value.Select(t => (t.Device, t.Start, t.End))
                .Concat(result.Updates!.Value.Select(u => (u.Device, u.Start, u.End)));
            foreach (var device in spans.GroupBy(s => s.Device))
            {
                var ordered = device.OrderBy(s => s.Start).ThenBy(s => s.End).ToList();
                Assert.All(ordered.Zip(ordered.Skip(1)), pair => Assert.True(pair.First.End <= pair.Second.Start));
                Assert.Equal(result.BusySeconds[device.Key], ordered.Sum(s => s.End - s.Start), 9);
            }
        });

    [Fact]
    public void An_action_starts_after_its_input_has_crossed_the_link() =>
        Cases.Sample((schedule, costs) =>
        {
            var timeline = PipelineSimulator.Simulate(schedule, costs).Timeline!.Value;
            var ends = timeline.ToDictionary(t => (Phase(t.Action.Kind), t.Action.Chunk, t.Action.MicroBatch), t => t.End);
            foreach (var (_, _, (kind, chunk, i), start, _) in timeline)
                Assert.True(start >= InputReady(kind, chunk, i), $"{kind} {i} in {chunk} at {start}");

            double InputReady(ActionKind kind, int chunk, int i) => kind switch
            {
                ActionKind.Forward when chunk == 0 => 0,
                ActionKind.Forward => ends[("F", chunk - 1, i)] + Seconds(costs.Edges[chunk - 1].Forward),
                ActionKind.Loss => ends[("F", chunk, i)],
                ActionKind.WeightGradient => ends[("B", chunk, i)],
                _ when chunk == schedule.Shape.Chunks - 1 => ends[("L", chunk, i)],
                _ => ends[("B", chunk + 1, i)] + Seconds(costs.Edges[chunk].Backward),
            };
        });

    [Fact]
    public void Messages_share_their_links_bandwidth()
    {
        var schedule = new GPipeSchedule().Create(new ScheduleShape(2, 1, 3));
        var costs = new CostModel([Unit, Unit], [new EdgeCost(new LinkCost(0.5, 20, 10), LinkCost.None)]);

        var starts = PipelineSimulator.Simulate(schedule, costs).Timeline!.Value
            .Where(t => t.Action is { Kind: ActionKind.Forward, Chunk: 1 }).Select(t => t.Start);

        Assert.Equal([3.5, 5.5, 7.5], starts);
    }

    [Fact]
    public void Every_action_runs_once_in_every_step() =>
        Cases.Sample((schedule, costs) =>
        {
            var timeline = PipelineSimulator.Simulate(schedule, costs, new SimulationOptions { Steps = 3 }).Timeline!.Value;
            var expected = (2 * schedule.Shape.Chunks + 1) * schedule.Shape.MicroBatches * 3;
            Assert.Equal(expected, timeline.Count(t => t.Action.Kind != ActionKind.WeightGradient));
            Assert.Equal(timeline.Length, timeline.Select(t => (t.Step, t.Action)).Distinct().Count());
        });

    [Fact]
    public void No_update_starts_before_all_gradients_of_its_step_are_done() =>
        Cases.Sample((schedule, costs) =>
        {
            var result = PipelineSimulator.Simulate(schedule, costs, new SimulationOptions { Steps = 3 });
            var gradientsDone = result.Timeline!.Value.GroupBy(t => t.Step).ToDictionary(g => g.Key, g => g.Max(t => t.End));
            Assert.All(result.Updates!.Value, u => Assert.True(u.Start >= gradientsDone[u.Step]));
            Assert.Equal(3 * schedule.Shape.Chunks, result.Updates.Value.Length);
        });

    [Fact]
    public void A_chunks_first_forward_comes_after_its_update() =>
        Cases.Sample((schedule, costs) =>
        {
            var result = PipelineSimulator.Simulate(schedule, costs, new SimulationOptions { Steps = 2 });
            foreach (var update in result.Updates!.Value.Where(u => u.Step == 0))
                Assert.True(update.End <= result.Timeline!.Value
                    .Where(t => t.Step == 1 && t.Action.Chunk == update.Chunk).Min(t => t.Start));
        });

    [Fact]
    public void Steps_overlap_only_in_their_updates()
    {
        var schedule = new OneForwardOneBackwardSchedule().Create(new ScheduleShape(2, 1, 2));
        var costs = CostModel.Uniform(2, Unit with { Update = 0.5 });

        var result = PipelineSimulator.Simulate(schedule, costs, new SimulationOptions { Steps = 3 });

        Assert.Equal<IEnumerable<double>>([9.5, 19, 28.5], result.StepEnds);
        Assert.Equal(9.5, result.StepSeconds);
    }

    [Fact]
    public void Splitting_the_backward_shrinks_the_bubble()
    {
        var costs = CostModel.Uniform(2, Unit);

        var split = PipelineSimulator.Simulate(Pipelines.Split, costs);
        var joined = PipelineSimulator.Simulate(new OneForwardOneBackwardSchedule().Create(new ScheduleShape(2, 1, 3)), costs);

        Assert.Equal(10, split.Makespan);
        Assert.Equal(12, joined.Makespan);
    }

    [Fact]
    public void Reactive_runs_split_backwards()
    {
        var schedule = new ReactiveSchedule().Create(new ScheduleShape(2, 1, 3));

        var result = PipelineSimulator.Simulate(schedule, CostModel.Uniform(2, Unit));

        Assert.Equal(6, result.Timeline!.Value.Count(t => t.Action.Kind == ActionKind.WeightGradient));
        Assert.DoesNotContain(result.Timeline.Value, t => t.Action.Kind == ActionKind.Backward);
    }

    [Fact]
    public void Reactive_runs_devices_that_hold_several_chunks()
    {
        var schedule = new Schedule("reactive", new ScheduleShape(2, 2, 6), [0, 1, 1, 0], [2, 2, 2, 1], null);

        var result = PipelineSimulator.Simulate(schedule, CostModel.Uniform(4, Unit), new SimulationOptions { Steps = 2 });

        Assert.Equal((2 * 4 + 1) * 6 * 2, result.Timeline!.Value.Length);
    }

    [Fact]
    public void A_bound_is_the_steady_step_without_links()
    {
        var schedule = new OneForwardOneBackwardSchedule().Create(new ScheduleShape(4, 1, 8));

        var bound = BubbleBound.Of(schedule, [Unit, Unit, Unit, Unit]);

        Assert.Equal(33, bound.StepSeconds, 9);
        Assert.Equal(3.0 / 11, bound.BubbleFraction, 9);
    }

    [Fact]
    public void Costs_for_another_number_of_chunks_are_refused() => Assert.Throws<ArgumentException>(() =>
        PipelineSimulator.Simulate(Pipelines.Split, CostModel.Uniform(3, Unit)));

    [Theory]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_time_that_is_no_time_is_refused(double seconds) =>
        Assert.Throws<ArgumentException>(() => CostModel.Uniform(2, Unit with { WeightGradient = seconds }));

    [Fact]
    public void A_bandwidth_of_zero_is_refused() => Assert.Throws<ArgumentException>(() =>
        new CostModel([Unit, Unit], [new EdgeCost(LinkCost.None, new LinkCost(0, 1, 0))]));

    private static string Phase(ActionKind kind) => kind == ActionKind.Backward ? "B" : PipelineAction.Symbol(kind);

    private static double Seconds(LinkCost link) => link.LatencySeconds + link.TransferSeconds;
}
