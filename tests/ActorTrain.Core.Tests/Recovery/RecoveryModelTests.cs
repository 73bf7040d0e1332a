namespace ActorTrain.Core.Tests.Recovery;

public sealed class RecoveryModelTests
{
    private const int Runs = 300;

    [Fact]
    public void A_crash_of_any_node_at_any_delivery_changes_no_bit()
    {
        var undisturbed = new RecoveryModel(3, 3, 3, 0).Run(new Dictionary<int, int>());
        for (var seed = 0; seed < 4; seed++)
            for (var at = 0; at < 50; at++)
                for (var node = 0; node < 3; node++)
                    Assert.Equal(undisturbed, new RecoveryModel(3, 3, 3, seed).Run(new Dictionary<int, int> { [at] = node }));
    }

    [Fact]
    public void Larger_runs_end_with_the_undisturbed_weights_whatever_one_crash_does()
    {
        for (var seed = 0; seed < Runs; seed++)
        {
            var draw = new Random(seed);
            // With a single stage only its own node knows the progress, so that a copy alone is no restore point.
            var (nodes, layers, steps) = (draw.Next(2, 9), draw.Next(2, 13), draw.Next(2, 8));
            var crash = new Dictionary<int, int> { [draw.Next(0, 200)] = draw.Next(nodes) };
            var undisturbed = new RecoveryModel(1, layers, steps, seed).Run(new Dictionary<int, int>());
            var disturbed = new RecoveryModel(nodes, layers, steps, seed).Run(crash);
            Assert.True(undisturbed == disturbed, $"seed {seed}");
        }
    }
}
