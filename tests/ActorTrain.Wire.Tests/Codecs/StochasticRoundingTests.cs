using ActorTrain.Core.Codecs;
using static ActorTrain.Wire.Tests.Codecs.TestValues;

namespace ActorTrain.Wire.Tests.Codecs;

public sealed class StochasticRoundingTests
{
    public static TheoryData<string> Lossy => [.. LossyNames];

    [Theory]
    [InlineData("int8", false, 0.0070)]
    [InlineData("int8", true, 0.0100)]
    [InlineData("bf16", false, 0.0018)]
    [InlineData("fp8-e4m3", false, 0.028)]
    [InlineData("fp8-e5m2", false, 0.055)]
    [InlineData("dynamic8", false, 0.012)]
    public void The_relative_error_on_Gaussian_data_is_small(string name, bool stochastic, double most)
    {
        var values = Gaussian(1 << 18, 1);
        var rounding = stochastic ? Rounding.Stochastic(1, 2, 3, 4) : Rounding.Nearest;
        var decoded = RoundTrip(Codec(name), values, rounding);
        var (error, norm) = (0d, 0d);
        for (var i = 0; i < values.Length; i++)
        {
            error += Math.Pow((double)decoded[i] - values[i], 2);
            norm += Math.Pow(values[i], 2);
        }

        Assert.InRange(Math.Sqrt(error / norm), most * 0.7, most);
    }

    [Theory]
    [MemberData(nameof(Lossy))]
    public void The_mean_error_over_many_streams_vanishes(string name)
    {
        // Dither that repeats or leans would stay; what is left of a true one falls with the root of the count: each
        // mean must lie within 4.5 standard errors of 0, and for int8 these are below 1e-5.
        const int streams = 2048;
        var values = Gaussian(1 << 14, 2);
        var codec = Codec(name);
        var encoded = new byte[codec.EncodedSize(values.Length)];
        var decoded = new float[values.Length];
        double sum = 0, squares = 0, towardZero = 0;
        for (var stream = 0; stream < streams; stream++)
        {
            codec.Encode(values, encoded, Rounding.Stochastic(7, stream % 3, stream / 3, 0));
            codec.Decode(encoded, decoded);
            for (var i = 0; i < values.Length; i++)
            {
                var error = (double)decoded[i] - values[i];
                sum += error;
                squares += error * error;
                towardZero += values[i] < 0 ? error : -error;
            }
        }

        var count = (double)streams * values.Length;
        var standardError = Math.Sqrt(squares) / count;
        Assert.InRange(sum / count, -4.5 * standardError, 4.5 * standardError);
        Assert.InRange(towardZero / count, -4.5 * standardError, 4.5 * standardError);
        if (name == "int8")
            Assert.InRange(Math.Abs(sum / count), 0, 1e-5);
    }

    [Fact]
    public void The_same_micro_batch_is_rounded_the_same_way_again()
    {
        var values = Gaussian(1000, 3);
        Assert.Equal(
            Encode(Codec("int8"), values, Rounding.Stochastic(1, 2, 3, 4)),
            Encode(Codec("int8"), values, Rounding.Stochastic(1, 2, 3, 4)));
    }

    [Theory]
    [InlineData(2, 2, 3, 4)]
    [InlineData(1, 3, 3, 4)]
    [InlineData(1, 2, 4, 4)]
    [InlineData(1, 2, 3, 5)]
    public void Another_seed_edge_step_or_micro_batch_gives_an_unrelated_stream(long seed, int edge, long step, int microBatch)
    {
        const int count = 1 << 16;
        var (one, other) = (Rounding.Stochastic(1, 2, 3, 4), Rounding.Stochastic(seed, edge, step, microBatch));
        var differing = 0L;
        for (uint i = 0; i < count; i++)
            differing += System.Numerics.BitOperations.PopCount(one.Bits(i) ^ other.Bits(i));
        Assert.InRange(differing / (32d * count), 0.498, 0.502);
    }

    [Fact]
    public void Every_random_bit_is_even_and_independent_of_the_one_before()
    {
        const int count = 1 << 16;
        var rounding = Rounding.Stochastic(11, 0, 0, 0);
        for (var bit = 0; bit < 32; bit++)
        {
            var (ones, changes) = (0, 0);
            for (uint i = 0; i < count; i++)
            {
                ones += (int)(rounding.Bits(i) >> bit) & 1;
                changes += (int)((rounding.Bits(i) ^ rounding.Bits(i + 1)) >> bit) & 1;
            }

            Assert.InRange(ones, (count / 2) - 640, (count / 2) + 640); // 5 standard deviations
            Assert.InRange(changes, (count / 2) - 640, (count / 2) + 640);
        }
    }
}
