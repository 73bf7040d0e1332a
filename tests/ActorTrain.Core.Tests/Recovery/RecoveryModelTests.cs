using System.Globalization;

namespace ActorTrain.Core.Tests.Recovery;

public sealed class RecoveryModelTests
{
    // More by hand: ACTORTRAIN_MODEL_RUNS=1000000.
    private static readonly int Runs =
        int.Parse(Environment.GetEnvironmentVariable("ACTORTRAIN_MODEL_RUNS") ?? "1000", CultureInfo.InvariantCulture);

    [Fact]
    public void A_crash_of_any_node_at_any_delivery_changes_no_bit()
    {
        for (var seed = 0; seed < 4; seed++)
            for (var at = 0; at < 80; at++)
                for (var node = 0; node < 3; node++)
                    AssertPlain(3, 3, 3, seed, new Disturbance(at, DisturbanceKind.Crash, node));
    }

    [Fact]
    public void A_move_and_a_crash_at_any_two_deliveries_change_no_bit()
    {
        for (var move = 0; move < 80; move += 3)
            for (var crash = 0; crash < 80; crash++)
                AssertPlain(3, 3, 3, move, new Disturbance(move, DisturbanceKind.Move), new Disturbance(crash, DisturbanceKind.Crash, crash % 3));
    }

    [Fact]
    public void Whatever_happens_to_larger_runs_they_end_with_the_plain_weights()
    {
        Parallel.For(0, Runs, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, seed =>
        {
            var draw = new Random(seed);
            var (nodes, layers, steps) = (draw.Next(1, 9), draw.Next(1, 13), draw.Next(1, 10));
            AssertPlain(nodes, layers, steps, seed, [.. Disturbances(draw, nodes)]);
        });
    }

    // One node at a time is lost, as is promised; the rest may come in any number.
    private static IEnumerable<Disturbance> Disturbances(Random draw, int nodes)
    {
        const int Latest = 400;
        var (node, lost) = (draw.Next(nodes), draw.Next(Latest));
        var kind = draw.Next(2) == 0 ? DisturbanceKind.Crash : DisturbanceKind.Cut;
        if (draw.Next(4) > 0)
            yield return new Disturbance(lost, kind, node);
        if (kind == DisturbanceKind.Cut)
            yield return new Disturbance(lost + draw.Next(Latest), DisturbanceKind.Heal);
        for (var moves = draw.Next(4); moves > 0; moves--)
            yield return new Disturbance(draw.Next(Latest), DisturbanceKind.Move);
        if (draw.Next(3) == 0)
            yield return new Disturbance(draw.Next(Latest), DisturbanceKind.TakeOver);
        if (draw.Next(3) == 0)
            yield return new Disturbance(draw.Next(Latest), DisturbanceKind.Stop);
    }

    private static void AssertPlain(int nodes, int layers, long steps, int seed, params Disturbance[] disturbances)
    {
        try
        {
            var (step, hash) = new RecoveryModel(nodes, layers, steps, seed).Run(disturbances);
            Assert.True(step == steps || disturbances.Any(d => d.Kind == DisturbanceKind.Stop), $"it ended with step {step}");
            Assert.Equal(RecoveryModel.Plain(layers, step), hash);
        }
        catch (Exception e)
        {
            throw new InvalidOperationException(
                $"seed {seed}, {nodes} nodes, {layers} layers, {steps} steps, {string.Join(", ", disturbances.Select(d => $"{d.Kind} {d.Node}@{d.At}"))}: {e.Message}", e);
        }
    }
}
