using ActorTrain.Web.Feeds;
using CsCheck;

namespace ActorTrain.Web.Tests;

public sealed class MetricsHistoryTests
{
    [Fact]
    public void A_run_of_any_length_is_covered_evenly_in_bounded_room() =>
        Gen.Select(Gen.Int[1, 5000], Gen.Int[1, 20]).Sample((steps, half) =>
        {
            var history = new MetricsHistory(2 * half);
            for (var step = 1; step <= steps; step++)
                history.Add(News.Point(step, step));
            var points = history.Points;
            Assert.InRange(points.Length, 1, 2 * half);
            Assert.Equal(steps, points[^1].Step);
            Assert.Equal(Math.Min(history.Stride, steps), points[0].Step);

            // Every step counts once: the means, weighted with how many steps they are of, add up to the whole.
            var before = 0L;
            var sum = points.Sum(point =>
            {
                var share = point.Loss * (point.Step - before);
                before = point.Step;
                return share;
            });
            Assert.Equal(steps * (steps + 1.0) / 2, sum, 6);
        });

    [Fact]
    public void Throughput_is_the_mean_over_time_and_not_over_steps()
    {
        var history = new MetricsHistory(2);
        history.Add(News.Point(1, 1, tokensPerSecond: 1000, seconds: 0.1));
        history.Add(News.Point(2, 1, tokensPerSecond: 100, seconds: 1));
        Assert.Equal(200 / 1.1, history.Points.Single().TokensPerSecond, 9);
    }

    [Fact]
    public void Steps_on_either_side_of_a_re_plan_do_not_mix_devices()
    {
        var history = new MetricsHistory(2);
        history.Add(News.Point(1, 9) with { Busy = [1, 1, 1] });
        history.Add(News.Point(2, 1, layers: 2) with { Busy = [0.25, 0.5] });
        Assert.Equal([0.25, 0.5], history.Points.Single().Busy.AsEnumerable());
        Assert.Equal([1.0, 1.0], history.Points.Single().LayerNorms.AsEnumerable());
    }
}
