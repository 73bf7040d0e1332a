using ActorTrain.Core.Schedules;
using ActorTrain.Core.Simulation;
using ActorTrain.Core.Tests.Schedules;
using CsCheck;

namespace ActorTrain.Core.Tests.Simulation;

/// <summary>
/// Bubbles and memory that the papers state, with a stage's F, B and W of a micro-batch at one second each. A chunk of
/// a device that has v takes 1/v of that, and so does its memory.
/// </summary>
public sealed class ScheduleBubbleTests
{
    private static readonly Gen<(int P, int M)> Sizes = Gen.Select(Gen.Int[1, 12], Gen.Int[1, 48]);

    /// <summary>With fewer micro-batches than devices the way of one micro-batch down and up is longer than the work.</summary>
    private static readonly Gen<(int P, int M)> FilledPipelines = Sizes.Where((p, m) => m >= p);

    [Theory]
    [InlineData("1f1b", 4, 8, 27.3)]
    [InlineData("interleaved-1f1b", 4, 8, 15.8)]
    [InlineData("zb-h1", 4, 8, 11.1)]
    [InlineData("1f1b", 8, 32, 17.9)]
    [InlineData("interleaved-1f1b", 8, 32, 9.9)]
    [InlineData("zb-h1", 8, 32, 6.8)]
    public void Bubbles_are_those_that_are_published(string name, int p, int m, double percent) =>
        Assert.Equal(percent, 100 * Simulate(Pipelines.Create(name, p, m)).BubbleFraction, 1);

    [Fact]
    public void Interleaving_divides_the_bubble_by_the_chunks() =>
        Gen.Select(Gen.Int[1, 8], Gen.Int[2, 4], Gen.Int[1, 5]).Sample((p, v, rounds) =>
        {
            var m = p * rounds;
            var result = Simulate(new Interleaved1F1BSchedule().Create(new(p, v, m)));
            Assert.Equal((p - 1.0) / (v * m + p - 1), result.BubbleFraction, 9);
        });

    [Fact]
    public void Interleaving_adds_one_part_in_v_to_the_memory() =>
        Gen.Select(Gen.Int[1, 8], Gen.Int[2, 4], Gen.Int[2, 5]).Sample((p, v, rounds) =>
        {
            var result = Simulate(new Interleaved1F1BSchedule().Create(new(p, v, p * rounds)));
            Assert.Equal(p * (1 + (p - 1.0) / (p * v)), result.DevicePeakInFlight.Max() / (double)v, 9);
        });

    [Fact]
    public void H1_has_a_third_of_the_bubble_within_the_memory_of_the_first_stage() =>
        FilledPipelines.Sample((p, m) =>
        {
            var result = Simulate(Pipelines.Create("zb-h1", p, m));
            Assert.Equal(3 * m + p - 1, result.Makespan, 9);
            Assert.All(result.DevicePeakInFlight, peak => Assert.Equal(Math.Min(p, m), peak));
        });

    [Theory]
    [InlineData("zb-h2")]
    [InlineData("zb-v")]
    public void Zero_bubble_schedules_have_none_when_there_are_enough_micro_batches_and_no_verdict(string name) =>
        Gen.Select(Gen.Int[1, 10], Gen.Int[0, 20]).Sample((p, more) =>
        {
            var schedule = Pipelines.Create(name, p, 2 * p - 1 + more);
            Assert.Equal(0, Simulate(schedule, new SimulationOptions { Steps = 3, WaitForVerdict = false }).StepBubbleFraction, 9);
        });

    [Fact]
    public void H2_holds_two_warm_ups_on_every_stage() =>
        Sizes.Where((p, m) => m >= 2 * p - 1).Sample((p, m) => Assert.All(
            Simulate(Pipelines.Create("zb-h2", p, m)).DevicePeakInFlight, peak => Assert.Equal(2 * p - 1, peak)));

    [Fact]
    public void H2_is_never_behind_H1() =>
        Sizes.Sample((p, m) => Assert.Equal(
            Simulate(Pipelines.Create("zb-h1", p, m)).Makespan, Simulate(Pipelines.Create("zb-h2", p, m)).Makespan, 9));

    [Fact]
    public void A_zero_bubble_V_holds_what_the_first_stage_of_1f1b_does() =>
        Sizes.Where((p, m) => m >= 2 * p).Sample((p, m) => Assert.All(
            Simulate(Pipelines.Create("zb-v", p, m)).DevicePeakInFlight, peak => Assert.Equal(2 * p, peak)));

    [Theory]
    [InlineData("zb-v")]
    [InlineData("dualpipe-v")]
    public void A_V_waits_for_the_first_forward_alone(string name) =>
        Gen.Select(Gen.Int[1, 12], Gen.Int[0, 30]).Sample((p, more) =>
        {
            var m = 2 * p + more;
            Assert.Equal(3 * m + (p - 1) / 2.0, Simulate(Pipelines.Create(name, p, m)).Makespan, 9);
        });

    [Fact]
    public void DualPipe_V_holds_one_chunk_more_than_a_zero_bubble_V() =>
        Sizes.Where((p, m) => m > 2 * p).Sample((p, m) => Assert.All(
            Simulate(Pipelines.Create("dualpipe-v", p, m)).DevicePeakInFlight, peak => Assert.Equal(2 * p + 1, peak)));

    [Fact]
    public void V_Half_has_half_of_the_bubble_in_half_of_the_memory() =>
        FilledPipelines.Sample((p, m) =>
        {
            var result = Simulate(Pipelines.Create("v-half", p, m));
            Assert.InRange(result.Makespan - 3 * m, 0, 1.5 * (p - 1) + 1e-9);
            Assert.All(result.DevicePeakInFlight, peak => Assert.InRange(peak / 2.0, 0.5, p / 2.0 + 1));
        });

    [Fact]
    public void A_device_never_holds_more_than_its_chunks_credits() =>
        Pipelines.Any.Sample(schedule =>
        {
            var peaks = Simulate(schedule).DevicePeakInFlight;
            for (var device = 0; device < peaks.Length; device++)
                Assert.InRange(peaks[device], 1, schedule.ChunksOf(device).Sum(chunk => schedule.Credits[chunk]));
        });

    private static SimulationResult Simulate(Schedule schedule, SimulationOptions? options = null)
    {
        var chunk = 1.0 / schedule.Shape.ChunksPerDevice;
        return PipelineSimulator.Simulate(
            schedule, CostModel.Uniform(schedule.Shape.Chunks, new(chunk, 0, 2 * chunk, chunk, chunk, 0)), options);
    }
}
