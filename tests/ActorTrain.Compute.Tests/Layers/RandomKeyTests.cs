using ActorTrain.Compute.Layers;

namespace ActorTrain.Compute.Tests.Layers;

public sealed class RandomKeyTests
{
    [Fact]
    public void Passes_of_a_long_run_have_different_keys()
    {
        var keys = new HashSet<ulong>();
        for (ulong seed = 0; seed < 4; seed++)
            for (ulong layer = 0; layer < 16; layer++)
                for (ulong step = 1; step <= 1000; step++)
                    for (ulong microBatch = 0; microBatch < 8; microBatch++)
                        keys.Add(RandomKey.Mix(seed, layer, step, microBatch));

        Assert.Equal(4 * 16 * 1000 * 8, keys.Count);
    }

    [Fact]
    public void The_order_of_the_parts_matters() => Assert.NotEqual(RandomKey.Mix(1, 2), RandomKey.Mix(2, 1));

    [Fact]
    public void A_zero_at_the_end_matters() => Assert.NotEqual(RandomKey.Mix(1), RandomKey.Mix(1, 0));
}
