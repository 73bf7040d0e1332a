using System.Collections.Immutable;
using ActorTrain.Core.Advice;
using ActorTrain.Core.Devices;
using ActorTrain.Core.Plans;
using ActorTrain.Core.Plugins;
using ActorTrain.Core.Schedules;
using ActorTrain.Core.Settings;
using CsCheck;

namespace ActorTrain.Core.Tests.Advice;

public sealed class AdvisorTests
{
    private static readonly PluginRegistry Registry = CoreExtensions.Register(new PluginRegistry());

    private static readonly ImmutableArray<IScheduleFactory> Schedules =
        [.. Registry.Names<IScheduleFactory>().Select(Registry.Get<IScheduleFactory>)];

    private static readonly Gen<LayerCost> Layers =
        from seconds in Gen.Int[1, 9].Array[4]
        from bytes in Gen.Int[0, 40].Array[5]
        select new LayerCost("h", seconds[0], seconds[1] + seconds[2], seconds[1], seconds[2], bytes[0], bytes[1] + 1, bytes[2] + 1, bytes[3], bytes[4] + 1);

    private static readonly Gen<AdviceRequest> Requests =
        from layers in Layers.Array[4, 8]
        from devices in Gen.Int[1, 3]
        from memory in Gen.Int[200, 3000].Array[devices]
        from microBatches in Gen.Int[1, 6]
        from schedule in Gen.OneOf([.. Schedules])
        from recompute in Gen.OneOf<RecomputePolicy?>(null, RecomputePolicy.None, RecomputePolicy.Full)
        from spread in Gen.OneOf(0.0, 0.2)
        select Request(layers, [.. memory.Select((bytes, i) => Device(i, bytes))], microBatches, schedule, recompute) with
        {
            Conditions = new RunConditions { Spread = spread, HandOffSeconds = 0.1 },
        };

    [Fact]
    public void Suggestions_fit_the_memory_and_are_ranked_by_gains_that_are_not_negative() => Requests.Sample(
        request =>
        {
            AdviceResult advice;
            try
            {
                advice = Advisor.Advise(request);
            }
            catch (Exception e) when (e is PlanException or ScheduleException)
            {
                return;
            }

            Assert.All(advice.Suggestions, s => Assert.True(s.Candidate!.Fits, s.ToString()));
            Assert.All(advice.Suggestions, s => Assert.Equal(advice.Present.Fits, s.Gain is >= Advisor.LeastGain and < 1));
            Assert.Equal(advice.Suggestions.Select(s => s.StepSeconds).Order(), advice.Suggestions.Select(s => s.StepSeconds));
            Assert.All(advice.Suggestions, s => Assert.NotEmpty(s.Settings));
        },
        iter: 60);

    [Fact]
    public void A_job_that_follows_the_best_suggestion_gets_what_was_predicted()
    {
        var request = Request(Even(8), [Device(0, null), Device(1, null)], 8, new OneForwardOneBackwardSchedule(), RecomputePolicy.Full);

        var best = Advisor.Advise(request).Suggestions.First(s => s.Bits == BitsEffect.Same);
        Assert.Equal(["pipeline.recompute", "pipeline.schedule"], best.Settings.Select(s => s.Key).Order());
        var schedule = Registry.Get<IScheduleFactory>(best.Settings.Single(s => s.Key == "pipeline.schedule").Value);
        Assert.Equal("none", best.Settings.Single(s => s.Key == "pipeline.recompute").Value);
        var followed = Advisor.Advise(Request(Even(8), [Device(0, null), Device(1, null)], 8, schedule, RecomputePolicy.None));

        Assert.Equal(best.StepSeconds, followed.StepSeconds, 9);
        Assert.Empty(followed.Suggestions);
    }

    [Fact]
    public void More_micro_batches_are_suggested_for_their_smaller_bubble_and_change_the_last_bits()
    {
        var request = Request(Even(4), [Device(0, null), Device(1, null)], 2, new OneForwardOneBackwardSchedule(), RecomputePolicy.None);
        request = request with
        {
            Schedules = request.Present.Schedules,
            Variants = [new(new("batch.micro-batches", "8"), request.Present.Profile.Scaled(0.25), 8, request.Present.Devices, "a smaller bubble")],
        };

        var suggestion = Assert.Single(Advisor.Advise(request).Suggestions);

        Assert.Equal(("batch.micro-batches=8", BitsEffect.LastBits), (suggestion.ToString(), suggestion.Bits));
        // 3m + 3(p − 1) units of a quarter of the time each, instead of as many whole ones: (24 + 3) / 4 to 6 + 3.
        Assert.Equal(1 - 27 / 4.0 / 9, suggestion.Gain!.Value, 6);
    }

    [Fact]
    public void A_slow_link_brings_codecs_up_and_says_that_they_round()
    {
        var request = Request(Even(4), [Device(0, null) with { Link = new(0, 0.5) }, Device(1, null)], 4, new OneForwardOneBackwardSchedule(), RecomputePolicy.None);
        request = request with { Codecs = [new("bf16", "int8", new(0.5, 0.25), IsLossless: false)] };

        var wire = Advisor.Advise(request).Suggestions.Single(s => s.Bits == BitsEffect.Lossy);

        Assert.Equal("wire.activations=bf16, wire.gradients=int8", wire.ToString());
        Assert.True(wire.Gain > 0.3, $"{wire.Gain}");
        Assert.DoesNotContain(Advisor.Advise(request with { Present = request.Present with { Devices = [Device(0, null), Device(1, null)] } }).Suggestions, s => s.Bits == BitsEffect.Lossy);
    }

    [Fact]
    public void A_job_that_does_not_fit_is_told_what_does()
    {
        var request = Request(Even(4), [Device(0, 700), Device(1, 700)], 8, new GPipeSchedule(), RecomputePolicy.None);

        var advice = Advisor.Advise(request);

        Assert.False(advice.Present.Fits);
        Assert.Contains(advice.Suggestions, s => s.ToString() == "pipeline.schedule=1f1b");
        Assert.All(advice.Suggestions, s => Assert.Null(s.Gain));
    }

    [Fact]
    public void What_a_run_lost_to_copies_and_late_threads_is_suggested_back()
    {
        var request = Request(Even(4), [Device(0, null)], 4, new GPipeSchedule(), RecomputePolicy.None) with
        {
            Schedules = [],
            Conditions = new RunConditions { SnapshotShare = 0.2, SnapshotEvery = 5, IsCluster = true, HandOffShare = 0.06, HandOffShareAtMedian = 0.01 },
        };

        var advice = Advisor.Advise(request).Suggestions;

        Assert.Equal(["snapshot.every=20", "actortrain.compute.device-threads=idle"], advice.Select(s => s.ToString()));
        Assert.Equal([0.15, 0.05], advice.Select(s => Math.Round(s.Gain!.Value, 6)));
    }

    private static AdviceRequest Request(
        IEnumerable<LayerCost> layers, ImmutableArray<PlanDevice> devices, int microBatches, IScheduleFactory schedule, RecomputePolicy? recompute)
    {
        var profile = new ModelProfile { Layers = [.. layers], InputBytes = 10, OptimizerBuffers = 2 };
        return new AdviceRequest
        {
            Schedules = Schedules,
            Present = new PlanRequest
            {
                Profile = profile,
                ProfiledMicroBatches = microBatches,
                Devices = devices,
                Schedules = [schedule],
                Recompute = recompute is { } policy ? [.. Enumerable.Repeat(policy, profile.Layers.Length)] : null,
            },
        };
    }

    private static IEnumerable<LayerCost> Even(int layers) => Enumerable.Repeat(new LayerCost("h", 0.5, 1, 0.5, 0.5, 10, 100, 100, 50, 10), layers);

    private static PlanDevice Device(int core, long? memory) => new(new DeviceSpec(DeviceKind.Cpu, core, core), 1, memory);
}
