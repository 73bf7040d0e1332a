using ActorTrain.Core.Codecs;
using static ActorTrain.Wire.Tests.Codecs.TestValues;

namespace ActorTrain.Wire.Tests.Codecs;

/// <summary>The number formats against their definitions, worked out here in another way.</summary>
public sealed class FormatTests
{
    public static TheoryData<string> Blockwise => ["int8", "dynamic8", "fp8-e4m3", "fp8-e5m2"];

    [Theory]
    [MemberData(nameof(Blockwise))]
    public void Every_code_decodes_to_the_value_that_its_format_defines(string name)
    {
        var encoded = new byte[260];
        BitConverter.TryWriteBytes(encoded, 1f);
        for (var code = 0; code < 256; code++)
            encoded[4 + code] = (byte)code;
        Assert.Equal(ValuesByCode(name), Decode(Codec(name), encoded, 256));
    }

    [Theory]
    [MemberData(nameof(Blockwise))]
    public void Nearest_rounding_finds_the_nearest_value(string name)
    {
        // Halves, quarters and odd fractions of the range; the first value fixes the scale at 1.
        var table = ValuesByCode(name).Where(float.IsFinite).ToArray();
        var limit = table.Max();
        var values = Gaussian(256 * 64, 5);
        for (var i = 0; i < values.Length; i++)
            values[i] = i % 256 == 0 ? limit : limit * MathF.Tanh(values[i]) * MathF.Pow(2, -(i / 256 / 4));
        var decoded = RoundTrip(Codec(name), values, Rounding.Nearest);
        for (var i = 0; i < values.Length; i++)
        {
            var best = table.Min(t => Math.Abs((double)t - values[i]));
            Assert.InRange(Math.Abs((double)decoded[i] - values[i]), best, (best * 1.00001) + (limit * 1e-9));
        }
    }

    [Fact]
    public void The_dynamic_map_has_the_published_values()
    {
        // The ends and the middle of bitsandbytes' create_dynamic_map(signed=True).
        var values = ValuesByCode("dynamic8");
        Assert.Equal([-0.99296875f, -0.97890625f], values[..2]);
        Assert.Equal([-5.5e-7f, 0f, 5.5e-7f, 3.25e-6f, 7.75e-6f], values[126..131]);
        Assert.Equal([0.97890625f, 0.99296875f, 1f], values[253..]);
    }

    [Theory]
    [InlineData(1.00390625f, 0x3F80)] // halfway, to even below
    [InlineData(1.01171875f, 0x3F82)] // halfway, to even above
    [InlineData(1.0039064f, 0x3F81)]
    [InlineData(-0f, 0x8000)]
    [InlineData(float.Epsilon, 0)]
    [InlineData(float.MaxValue, 0x7F7F)]
    [InlineData(float.MinValue, 0xFF7F)]
    public void Bf16_rounds_to_nearest_even_and_saturates(float value, int code) =>
        Assert.Equal([(byte)code, (byte)(code >> 8)], Encode(Codec("bf16"), [value], Rounding.Nearest));

    [Theory]
    [MemberData(nameof(Blockwise))]
    public void A_block_of_zeros_decodes_to_zeros(string name) =>
        Assert.All(RoundTrip(Codec(name), new float[300], Rounding.Stochastic(1, 1, 1, 1)), v => Assert.Equal(0f, v));

    [Theory]
    [InlineData("bf16")]
    [InlineData("fp8-e4m3")]
    [InlineData("fp8-e5m2")]
    public void Floating_point_codecs_keep_the_sign_of_zero(string name) =>
        Assert.True(float.IsNegative(RoundTrip(Codec(name), [1f, -0f], Rounding.Nearest)[1]));

    [Theory]
    [MemberData(nameof(Blockwise))]
    public void The_greatest_magnitude_of_a_block_survives(string name)
    {
        foreach (var extreme in (float[])[float.MaxValue, -float.MaxValue, 3.7f, -3.7f, 1e-29f])
        {
            var decoded = RoundTrip(Codec(name), [extreme, extreme / 3], Rounding.Nearest)[0];
            Assert.InRange(decoded / extreme, 0.999999f, 1.000001f);
        }
    }

    private static float[] ValuesByCode(string name) => name switch
    {
        "int8" => [.. Enumerable.Range(0, 256).Select(c => (float)(sbyte)c)],
        "dynamic8" => DynamicMap(),
        "fp8-e4m3" => [.. Enumerable.Range(0, 256).Select(c => Fp8(c, 3, 7, c => (c & 0x7F) == 0x7F ? float.NaN : null))],
        "fp8-e5m2" => [.. Enumerable.Range(0, 256).Select(c => (float)BitConverter.UInt16BitsToHalf((ushort)(c << 8)))],
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };

    private static float Fp8(int code, int mantissaBits, int bias, Func<int, float?> special)
    {
        var exponent = (code & 0x7F) >> mantissaBits;
        var mantissa = (double)(code & ((1 << mantissaBits) - 1)) / (1 << mantissaBits);
        var magnitude = exponent == 0 ? Math.ScaleB(mantissa, 1 - bias) : Math.ScaleB(1 + mantissa, exponent - bias);
        return special(code) ?? (float)((code & 0x80) == 0 ? magnitude : -magnitude);
    }

    /// <summary>The construction of bitsandbytes: means of neighbouring boundaries, both signs, 0 and 1, sorted.</summary>
    private static float[] DynamicMap()
    {
        List<float> values = [0f, 1f];
        for (var i = 0; i < 7; i++)
        {
            var items = 1 << i;
            for (var j = 0; j < items; j++)
            {
                var (low, high) = (0.1 + (0.9 * j / items), 0.1 + (0.9 * (j + 1) / items));
                var mean = (float)(Math.Pow(10, i - 6) * (low + high) / 2);
                values.AddRange([mean, -mean]);
            }
        }

        return [.. values.Order()];
    }
}
