using ActorTrain.Core.Plugins;
using ActorTrain.Core.Settings;
using ActorTrain.Core.Training;
using Akka.Configuration;
using CsCheck;

namespace ActorTrain.Core.Tests.Training;

public sealed class LearningRateScheduleTests
{
    private static readonly PluginRegistry Registry = CoreExtensions.Register(new PluginRegistry());

    [Theory]
    [InlineData(1, 0.1)]
    [InlineData(5, 0.5)]
    [InlineData(10, 1)]
    [InlineData(60, 0.6)]
    [InlineData(110, 0.2)]
    public void Warmup_cosine_rises_to_one_and_falls_to_the_final_fraction(long step, double factor) =>
        Assert.Equal(factor, WarmupCosine(10, "0.2", 110).Factor(step), 12);

    [Fact]
    public void Warmup_cosine_stays_between_the_final_fraction_and_one_after_the_warm_up() =>
        Gen.Select(Gen.Long[0, 50], Gen.Long[1, 50], Gen.Double[0, 1]).Sample((warmup, rest, final) =>
        {
            var steps = warmup + rest;
            var schedule = WarmupCosine(warmup, final.ToString("R", null), steps);
            var factors = Enumerable.Range(1, (int)steps).Select(s => schedule.Factor(s)).ToList();
            Assert.All(factors.Skip((int)warmup), f => Assert.InRange(f, final - 1e-12, 1));
            Assert.Equal(final, factors[^1], 12);
        });

    [Fact]
    public void Without_a_warm_up_the_cosine_starts_at_once() =>
        Assert.Equal(0.5, WarmupCosine(0, "0", 2).Factor(1), 12);

    [Fact]
    public void A_run_shorter_than_its_warm_up_ends_within_it() =>
        Assert.Equal(0.5, WarmupCosine(200, "0", 100).Factor(100), 12);

    [Theory]
    [InlineData(-1, "0")]
    [InlineData(1, "1.5")]
    [InlineData(1, "-0.1")]
    public void Settings_out_of_range_are_refused(long warmup, string final) =>
        Assert.Throws<SettingsException>(() => WarmupCosine(warmup, final, 100));

    [Theory]
    [InlineData(0)]
    [InlineData(101)]
    public void A_step_outside_the_run_is_refused(long step) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => WarmupCosine(1, "0", 100).Factor(step));

    [Fact]
    public void Constant_is_one() => Assert.Equal(1, Create("constant", "", 100).Factor(37));

    [Fact]
    public void Constant_has_no_settings()
    {
        var reader = Reader("warmup-steps = 1");
        Registry.Get<ILearningRateScheduleFactory>("constant").Create(reader, 10);

        Assert.Throws<SettingsException>(reader.RejectUnknown);
    }

    private static ILearningRateSchedule WarmupCosine(long warmup, string final, long steps) =>
        Create("warmup-cosine", $"warmup-steps = {warmup}\nfinal-fraction = {final}", steps);

    private static ILearningRateSchedule Create(string name, string hocon, long steps) =>
        Registry.Get<ILearningRateScheduleFactory>(name).Create(Reader(hocon), steps);

    private static SettingsReader Reader(string hocon) => new(ConfigurationFactory.ParseString(hocon), "s");
}
