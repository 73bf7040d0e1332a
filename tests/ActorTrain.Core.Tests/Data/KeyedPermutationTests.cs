using ActorTrain.Core.Data;
using CsCheck;

namespace ActorTrain.Core.Tests.Data;

public sealed class KeyedPermutationTests
{
    private static readonly Gen<(int Count, ulong Key)> CountAndKey = Gen.Select(Gen.Int[1, 3000], Gen.ULong);

    [Fact]
    public void Every_number_comes_exactly_once() =>
        CountAndKey.Sample((count, key) => Assert.Equal(Numbers(count), Values(count, key).Order()), iter: 300);

    [Fact]
    public void The_same_key_gives_the_same_order() =>
        CountAndKey.Sample((count, key) => Assert.Equal(Values(count, key), Values(count, key)), iter: 100);

    [Fact]
    public void Another_key_gives_another_order() =>
        Gen.Select(Gen.Int[50, 3000], Gen.ULong, Gen.Int[0, 63]).Sample(
            (count, key, bit) => Assert.NotEqual(Values(count, key), Values(count, key ^ (1UL << bit))),
            iter: 100);

    [Fact]
    public void Known_values_never_change() =>
        Assert.Equal(KnownOrder, Values(10, 42));

    [Fact]
    public void Each_number_is_about_as_likely_first_as_any_other()
    {
        const int count = 10, keys = 20_000;
        var first = new int[count];
        for (ulong key = 0; key < keys; key++)
            first[new KeyedPermutation(count, key)[0]]++;

        // Expected 2000 each, standard deviation 42: six deviations.
        Assert.All(first, n => Assert.InRange(n, 1750, 2250));
    }

    [Fact]
    public void The_greatest_count_has_values_in_range()
    {
        var permutation = new KeyedPermutation(long.MaxValue, 7);
        Assert.InRange(permutation[long.MaxValue - 1], 0, long.MaxValue - 1);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(5)]
    public void A_place_outside_is_refused(long place) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new KeyedPermutation(5, 0)[place]);

    [Fact]
    public void A_count_of_zero_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new KeyedPermutation(0, 0));

    private static readonly long[] KnownOrder = [2, 6, 1, 3, 7, 5, 4, 8, 9, 0];

    private static IEnumerable<long> Numbers(int count) => Enumerable.Range(0, count).Select(i => (long)i);

    private static long[] Values(int count, ulong key)
    {
        var permutation = new KeyedPermutation(count, key);
        return [.. Numbers(count).Select(i => permutation[i])];
    }
}
