using ActorTrain.Core.Codecs;
using ActorTrain.Core.Plugins;
using ActorTrain.Wire.Codecs;
using CsCheck;
using static ActorTrain.Wire.Tests.Codecs.TestValues;

namespace ActorTrain.Wire.Tests.Codecs;

public sealed class CodecLawTests
{
    public static TheoryData<string> Names => [.. BuiltInCodecs.Create(SimdPath.Scalar).Select(c => c.Name)];

    public static TheoryData<string> Lossy => [.. LossyNames];

    [Theory]
    [MemberData(nameof(Names))]
    public void All_paths_encode_to_the_same_bytes(string name)
    {
        var scalar = Codec(name, SimdPath.Scalar);
        foreach (var path in VectorPaths)
            Gen.Select(Gen.OneOf(Awkward, Plain), AnyRounding).Sample(
                (values, rounding) => Encode(scalar, values, rounding).AsSpan().SequenceEqual(Encode(Codec(name, path), values, rounding)),
                iter: 1000);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void All_paths_decode_any_bytes_to_the_same_bits(string name)
    {
        var scalar = Codec(name, SimdPath.Scalar);
        foreach (var path in VectorPaths)
            Gen.Select(Gen.Int[0, 1100], Gen.Int).Sample(
                (count, seed) =>
                {
                    var bytes = new byte[scalar.EncodedSize(count)];
                    new Random(seed).NextBytes(bytes);
                    return Bits(Decode(scalar, bytes, count)).SequenceEqual(Bits(Decode(Codec(name, path), bytes, count)));
                },
                iter: 500);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_value_that_is_not_finite_is_reported_wherever_it_stands(string name)
    {
        foreach (var path in SimdPaths.Available)
            Gen.Select(Plain.Where(v => v.Length > 0), Gen.Int[0, int.MaxValue], Gen.OneOf(float.NaN, -float.NaN, float.PositiveInfinity, float.NegativeInfinity)).Sample(
                (values, place, bad) =>
                {
                    values[place % values.Length] = bad;
                    var codec = Codec(name, path);
                    return !codec.Encode(values, new byte[codec.EncodedSize(values.Length)], Rounding.Nearest);
                },
                iter: 300);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Finite_values_decode_to_finite_values(string name) =>
        Gen.Select(Awkward, AnyRounding).Sample(
            (values, rounding) => RoundTrip(Codec(name), values, rounding).All(float.IsFinite), iter: 2000);

    [Theory]
    [MemberData(nameof(Lossy))]
    public void The_error_stays_within_the_spacing_of_the_codes(string name) =>
        Gen.Select(Gen.OneOf(Awkward, Plain), AnyRounding).Sample(
            (values, rounding) =>
            {
                var decoded = RoundTrip(Codec(name), values, rounding);
                double[] extremes = [.. values.Chunk(256).Select(block => (double)block.Max(Math.Abs))];
                return Enumerable.Range(0, values.Length).All(i =>
                    Math.Abs((double)decoded[i] - values[i]) <= Bound(name, Math.Abs(values[i]), extremes[i / 256], rounding.IsStochastic));
            },
            iter: 2000);

    [Theory]
    [MemberData(nameof(Lossy))]
    public void Encoding_what_was_decoded_changes_it_by_rounding_errors_of_the_scale_only(string name) =>
        Plain.Sample(
            values =>
            {
                var once = RoundTrip(Codec(name), values, Rounding.Nearest);
                var twice = RoundTrip(Codec(name), once, Rounding.Nearest);
                return Enumerable.Range(0, values.Length).All(i => Math.Abs(twice[i] - once[i]) <= 1e-6f * Math.Abs(once[i]));
            },
            iter: 500);

    [Fact]
    public void Fp32_gives_back_every_bit() =>
        Gen.UInt.Array[0, 1100].Sample(bits =>
        {
            var codec = BuiltInCodecs.Fp32;
            var values = Array.ConvertAll(bits, BitConverter.UInt32BitsToSingle);
            var encoded = new byte[codec.EncodedSize(values.Length)];
            codec.Encode(values, encoded, Rounding.Nearest);
            return Array.ConvertAll(Decode(codec, encoded, values.Length), BitConverter.SingleToUInt32Bits).SequenceEqual(bits);
        });

    [Theory]
    [InlineData("fp32", 1025, 4100)]
    [InlineData("bf16", 1025, 2050)]
    [InlineData("int8", 0, 0)]
    [InlineData("int8", 1, 5)]
    [InlineData("int8", 256, 260)]
    [InlineData("int8", 257, 265)]
    [InlineData("dynamic8", 1024, 1040)]
    [InlineData("fp8-e4m3", 1024, 1040)]
    [InlineData("fp8-e5m2", int.MaxValue, 2181038079)]
    public void The_encoded_size_is_exact(string name, int count, long size) =>
        Assert.Equal(size, Codec(name).EncodedSize(count));

    [Theory]
    [MemberData(nameof(Names))]
    public void A_buffer_of_another_size_is_refused(string name)
    {
        var codec = Codec(name);
        var buffer = new byte[codec.EncodedSize(300) + 1];
        Assert.Throws<ArgumentException>(() => codec.Encode(new float[300], buffer, Rounding.Nearest));
        var error = Assert.Throws<ArgumentException>(() => codec.Decode(buffer, new float[300]));
        Assert.Contains($"{name} takes {buffer.Length - 1} bytes for 300 values", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Coding_allocates_nothing(string name)
    {
        var codec = Codec(name);
        var (values, encoded) = (Gaussian(10_001, 1), new byte[codec.EncodedSize(10_001)]);
        Round();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10; i++)
            Round();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Round()
        {
            codec.Encode(values, encoded, Rounding.Stochastic(1, 2, 3, 4));
            codec.Decode(encoded, values);
        }
    }

    [Fact]
    public void A_path_that_is_not_there_is_refused()
    {
        var error = Assert.Throws<PlatformNotSupportedException>(() => BuiltInCodecs.Create((SimdPath)7));
        Assert.Contains("it has: Scalar", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Job_files_choose_codecs_by_name()
    {
        var registry = new PluginRegistry().AddBuiltInCodecs();
        Assert.Equal(["bf16", "dynamic8", "fp32", "fp8-e4m3", "fp8-e5m2", "int8"], registry.Names<ICodec>());
        Assert.Equal("int8", registry.Get<ICodec>("int8").Name);
    }

    /// <summary>The gap between codes at a magnitude (half of it for nearest), with room for the scale's own rounding.</summary>
    private static double Bound(string name, double value, double extreme, bool stochastic)
    {
        var gap = name switch
        {
            "bf16" => Math.Max(value / 128, Math.ScaleB(1, -133)),
            "int8" => extreme / 127,
            "dynamic8" => extreme == 0 ? 0 : extreme * DynamicGap(value / extreme),
            "fp8-e4m3" => Math.Max(value / 8, extreme / 448 / 512),
            "fp8-e5m2" => Math.Max(value / 4, extreme / 57344 / 65536),
            _ => throw new ArgumentOutOfRangeException(nameof(name)),
        };
        var flushed = name == "bf16" ? 0 : Math.ScaleB(1, -100);
        return (gap * (stochastic ? 1 : 0.5) * 1.00001) + (extreme * 1e-6) + flushed;
    }

    /// <summary>The greatest distance between neighbours around a magnitude of at most 1 in the dynamic map.</summary>
    private static double DynamicGap(double magnitude)
    {
        var decade = Math.Clamp(Math.Ceiling(Math.Log10(Math.Max(magnitude, 1e-9)) + 6.3), 0, 6);
        return Math.Pow(10, decade - 6) * 0.9 / Math.Pow(2, decade);
    }
}
