using ActorTrain.Core.Schedules;
using ActorTrain.Core.Simulation;
using ActorTrain.Core.Tests.Schedules;
using CsCheck;

namespace ActorTrain.Core.Tests.Simulation;

/// <summary>Slow devices, jitter, links and failures.</summary>
public sealed class UnevenPipelineTests
{
    private static readonly ChunkCost Unit = new(1, 0, 2, 1, 1, 0.5);

    private static readonly Gen<Jitter> Jitters =
        Gen.Select(Gen.ULong, Gen.Double[0, 0.5], Gen.Enum<JitterKind>()).Select((seed, spread, kind) => new Jitter(seed, spread, kind));

    private static readonly Gen<Schedule> Listed = Pipelines.Any.Where(s => !s.IsReactive);

    [Fact]
    public void A_slower_device_never_makes_a_listed_step_faster() =>
        (from schedule in Listed
         from speeds in Gen.Double[0.5, 2].Array[schedule.Shape.Devices]
         from slow in Gen.Int[0, schedule.Shape.Devices - 1]
         from factor in Gen.Double[0.1, 1]
         from jitter in Jitters
         select (schedule, speeds, slow, factor, jitter)).Sample(c =>
        {
            var before = Simulate(c.schedule, new() { Speeds = [.. c.speeds], Jitter = c.jitter });
            c.speeds[c.slow] *= c.factor;
            var after = Simulate(c.schedule, new() { Speeds = [.. c.speeds], Jitter = c.jitter });
            Assert.True(after.Makespan >= before.Makespan, $"{after.Makespan} < {before.Makespan}");
        });

    [Fact]
    public void A_slower_link_never_makes_a_listed_step_faster() =>
        Gen.Select(Listed, Gen.Double[0, 2], Gen.Double[0, 2]).Sample((schedule, latency, more) => Assert.True(
            Simulate(schedule, new(), Edge(latency + more)).Makespan >= Simulate(schedule, new(), Edge(latency)).Makespan));

    [Fact]
    public void Devices_of_half_the_speed_take_twice_the_time() =>
        Pipelines.Any.Sample(schedule => Assert.Equal(
            2 * Simulate(schedule, new()).Makespan,
            Simulate(schedule, new() { Speeds = [.. Enumerable.Repeat(0.5, schedule.Shape.Devices)] }).Makespan, 9));

    [Fact]
    public void Jitter_of_spread_0_is_no_jitter() =>
        Gen.Select(Pipelines.Any, Gen.ULong, Gen.Enum<JitterKind>()).Sample((schedule, seed, kind) => Assert.Equal<IEnumerable<TimedAction>>(
            Simulate(schedule, new()).Timeline!.Value, Simulate(schedule, new() { Jitter = new(seed, 0, kind) }).Timeline!.Value));

    [Fact]
    public void The_same_seed_gives_the_same_times() =>
        Gen.Select(Pipelines.Any, Jitters).Sample((schedule, jitter) => Assert.Equal<IEnumerable<TimedAction>>(
            Simulate(schedule, new() { Jitter = jitter }).Timeline!.Value,
            Simulate(schedule, new() { Jitter = new(jitter.Seed, jitter.Spread, jitter.Kind) }).Timeline!.Value));

    [Fact]
    public void Another_seed_gives_other_times() => Assert.NotEqual(
        Simulate(Pipelines.Create("1f1b", 4, 8), new() { Jitter = new(1, 0.1) }).Makespan,
        Simulate(Pipelines.Create("1f1b", 4, 8), new() { Jitter = new(2, 0.1) }).Makespan);

    [Fact]
    public void Two_schedules_meet_the_same_luck()
    {
        var options = new SimulationOptions { Jitter = new(7, 0.3) };

        var gpipe = Simulate(Pipelines.Create("gpipe", 3, 6), options);
        var listed = Simulate(Pipelines.Create("1f1b", 3, 6), options);

        Assert.All(gpipe.BusySeconds.Zip(listed.BusySeconds), pair => Assert.Equal(pair.First, pair.Second, 9));
    }

    [Theory]
    [InlineData(JitterKind.LogNormal)]
    [InlineData(JitterKind.Uniform)]
    public void Factors_have_the_mean_1_and_the_spread_that_was_asked_for(JitterKind kind)
    {
        var jitter = new Jitter(5, 0.2, kind);
        var factors = Enumerable.Range(0, 40_000).Select(i => jitter.Factor(i / 2000, i / 100 % 20, i % 5, i % 100)).ToList();

        var mean = factors.Average();
        var deviation = Math.Sqrt(factors.Average(f => (f - mean) * (f - mean)));

        Assert.InRange(mean, 0.99, 1.01);
        Assert.InRange(deviation / (kind == JitterKind.Uniform ? 0.2 / Math.Sqrt(3) : 0.2), 0.95, 1.06);
    }

    [Fact]
    public void A_failure_costs_the_step_so_far_and_the_recovery()
    {
        var schedule = Pipelines.Create("1f1b", 2, 2);
        var whole = Simulate(schedule, new() { Steps = 3 });

        // Steps take 9.5 s; the failure is 3 s into the second.
        var result = Simulate(schedule, new() { Steps = 3, Failures = [new(1, 12.5, 5)] });

        Assert.Equal<IEnumerable<double>>([9.5, 27, 36.5], result.StepEnds);
        Assert.Equal(whole.Makespan + result.LostSeconds, result.Makespan);
        Assert.Equal((8.0, 1), (result.LostSeconds, result.Restarts));
        Assert.All(result.Timeline!.Value, t => Assert.True(t.End <= 12.5 || t.Start >= 17.5));
    }

    [Fact]
    public void A_failure_in_a_recovery_makes_it_longer()
    {
        var result = Simulate(Pipelines.Create("1f1b", 2, 2), new() { Failures = [new(1, 2, 5), new(0, 4, 6), new(0, 5, 1)] });

        Assert.Equal((10, 10 + 9.5, 3), (result.LostSeconds, result.Makespan, result.Restarts));
    }

    [Fact]
    public void A_failure_after_the_end_changes_nothing()
    {
        var schedule = Pipelines.Create("zb-v", 3, 6);
        var whole = Simulate(schedule, new());

        var result = Simulate(schedule, new() { Failures = [new(0, whole.Makespan + 1, 5)] });

        Assert.Equal((whole.Makespan, 0, 0.0), (result.Makespan, result.Restarts, result.LostSeconds));
    }

    [Fact]
    public void Failures_delay_the_end_by_what_they_cost() =>
        (from schedule in Pipelines.Any
         from failures in Gen.Select(Gen.Int[0, schedule.Shape.Devices - 1], Gen.Double[0, 60], Gen.Double[0, 9])
             .Select((device, at, recovery) => new DeviceFailure(device, at, recovery)).Array[0, 4]
         select (schedule, failures)).Sample(c =>
        {
            var whole = Simulate(c.schedule, new() { Steps = 3 });
            var result = Simulate(c.schedule, new() { Steps = 3, Failures = [.. c.failures] });
            Assert.Equal(whole.Makespan + result.LostSeconds, result.Makespan, 6);
            Assert.Equal<IEnumerable<int>>(whole.PeakInFlight, result.PeakInFlight);
            Assert.True(result.BusySeconds.Sum() >= whole.BusySeconds.Sum() - 1e-9);
        });

    [Fact]
    public void Without_the_verdict_a_chunk_steps_when_its_own_gradients_are_done()
    {
        var result = Simulate(Pipelines.Create("zb-h2", 2, 3), new() { WaitForVerdict = false });

        var gradientsDone = result.Timeline!.Value.GroupBy(t => t.Action.Chunk).ToDictionary(g => g.Key, g => g.Max(t => t.End));
        Assert.All(result.Updates!.Value, update => Assert.Equal(gradientsDone[update.Chunk], update.Start));
    }

    [Theory]
    [InlineData(new[] { 1.0 }, "there are speeds for 1 devices, schedule '1f1b' has 2")]
    [InlineData(new[] { 1.0, 0.0 }, "device 1: a speed of 0 is not positive and finite")]
    [InlineData(new[] { double.NaN, 1.0 }, "device 0: a speed of NaN is not positive and finite")]
    public void Impossible_speeds_are_refused(double[] speeds, string message) =>
        AssertRefused(new() { Speeds = [.. speeds] }, message);

    [Theory]
    [InlineData(2, 1, 1, "there is no such device; devices are 0 to 1")]
    [InlineData(0, -1, 1, "a time is negative or not finite")]
    [InlineData(0, 1, double.NaN, "a time is negative or not finite")]
    public void Impossible_failures_are_refused(int device, double at, double recovery, string message) =>
        AssertRefused(new() { Failures = [new(device, at, recovery)] }, message);

    [Theory]
    [InlineData(-0.1, JitterKind.LogNormal)]
    [InlineData(double.NaN, JitterKind.LogNormal)]
    [InlineData(1.1, JitterKind.Uniform)]
    public void Impossible_spreads_are_refused(double spread, JitterKind kind) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new Jitter(1, spread, kind));

    private static EdgeCost Edge(double latency) => new(new(latency, 1, 2), new(latency, 1, 2));

    private static SimulationResult Simulate(Schedule schedule, SimulationOptions options, EdgeCost? edge = null) =>
        PipelineSimulator.Simulate(schedule, CostModel.Uniform(schedule.Shape.Chunks, Unit, edge ?? EdgeCost.None), options);

    private static void AssertRefused(SimulationOptions options, string message)
    {
        var e = Assert.Throws<ArgumentException>(() => Simulate(Pipelines.Create("1f1b", 2, 2), options));
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
    }
}
