using ActorTrain.Core.Codecs;
using ActorTrain.Wire.Codecs;
using CsCheck;

namespace ActorTrain.Wire.Tests.Codecs;

internal static class TestValues
{
    /// <summary>Numbers that codecs trip over, in any mixture, at any length.</summary>
    public static readonly Gen<float[]> Awkward = Gen.OneOf(
        Gen.Float[-1, 1],
        Gen.Float[-1e30f, 1e30f],
        Gen.UInt.Select(bits => BitConverter.UInt32BitsToSingle(bits)).Where(float.IsFinite),
        Gen.UInt[0, 0x7FFFFF].Select(BitConverter.UInt32BitsToSingle),
        Gen.OneOf(0f, -0f, 1f, -1f, float.MaxValue, float.MinValue, float.Epsilon, 1.17549435e-38f))
        .Array[0, 1100];

    /// <summary>Values of one scale, as tensors mostly have.</summary>
    public static readonly Gen<float[]> Plain = Gen.Select(
        Gen.Float[-1, 1].Array[0, 1100],
        Gen.Int[-60, 60],
        (values, exponent) => Array.ConvertAll(values, v => MathF.ScaleB(v, exponent)));

    public static readonly Gen<Rounding> AnyRounding = Gen.Select(
        Gen.Bool,
        Gen.Long,
        Gen.Int,
        (stochastic, seed, edge) => stochastic ? Rounding.Stochastic(seed, edge, 3, 1) : Rounding.Nearest);

    /// <summary>The paths of this processor beside the scalar one.</summary>
    public static IEnumerable<SimdPath> VectorPaths => SimdPaths.Available.Where(p => p != SimdPath.Scalar);

    public static readonly string[] LossyNames =
        [.. BuiltInCodecs.Create(SimdPath.Scalar).Where(c => !c.IsLossless).Select(c => c.Name)];

    public static ICodec Codec(string name, SimdPath? path = null) =>
        BuiltInCodecs.Create(path ?? SimdPaths.Best).Single(c => c.Name == name);

    public static float[] Gaussian(int count, int seed)
    {
        var random = new Random(seed);
        var values = new float[count];
        for (var i = 0; i < count; i++)
            values[i] = (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
        return values;
    }

    public static byte[] Encode(ICodec codec, float[] values, Rounding rounding)
    {
        var encoded = new byte[codec.EncodedSize(values.Length)];
        Assert.True(codec.Encode(values, encoded, rounding));
        return encoded;
    }

    public static float[] Decode(ICodec codec, byte[] encoded, int count)
    {
        var values = new float[count];
        codec.Decode(encoded, values);
        return values;
    }

    public static float[] RoundTrip(ICodec codec, float[] values, Rounding rounding) =>
        Decode(codec, Encode(codec, values, rounding), values.Length);

    /// <summary>The bits of values, with all NaNs alike: which one a product of two gives is up to the compiler.</summary>
    public static int[] Bits(float[] values) =>
        Array.ConvertAll(values, v => BitConverter.SingleToInt32Bits(float.IsNaN(v) ? float.NaN : v));
}
