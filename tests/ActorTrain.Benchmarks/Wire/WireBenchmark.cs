using System.Diagnostics;
using System.Globalization;
using ActorTrain.Core.Codecs;
using ActorTrain.Wire.Codecs;
using Spectre.Console;

namespace ActorTrain.Benchmarks.Wire;

/// <summary>
/// How fast each codec works on one core, on each instruction path, and how exact it is. Speeds are GB/s of float32
/// input (encoding) and output (decoding), the best of several rounds over 4 MiB of N(0, 1) values.
/// </summary>
public static class WireBenchmark
{
    private const int Count = 1 << 20;

    private static readonly TimeSpan Budget = TimeSpan.FromMilliseconds(300);

    /// <summary>Measures and prints the table.</summary>
    /// <param name="console">Where it goes.</param>
    public static void Run(IAnsiConsole console)
    {
        var table = new Table().AddColumns("codec", "rounding", "path");
        foreach (var column in (string[])["encode GB/s", "decode GB/s", "ratio", "relative L2 error"])
            table.AddColumn(column, c => c.RightAligned());
        var values = Gaussian();
        foreach (var path in SimdPaths.Available)
            foreach (var codec in BuiltInCodecs.Create(path))
                foreach (var rounding in codec.IsLossless ? [default] : (Rounding[])[Rounding.Nearest, Rounding.Stochastic(1, 2, 3, 4)])
                    table.AddRow(Measure(codec, path, values, rounding));
        console.Write(table);
    }

    private static string[] Measure(ICodec codec, SimdPath path, float[] values, Rounding rounding)
    {
        var encoded = new byte[codec.EncodedSize(values.Length)];
        var decoded = new float[values.Length];
        var encode = Speed(() => codec.Encode(values, encoded, rounding));
        var decode = Speed(() => codec.Decode(encoded, decoded));
        return
        [
            codec.Name,
            codec.IsLossless ? "none" : rounding.IsStochastic ? "stochastic" : "nearest",
            path.ToString(),
            Text(encode, "0.0"),
            Text(decode, "0.0"),
            Text((double)values.Length * sizeof(float) / encoded.Length, "0.000"),
            Text(RelativeError(values, decoded), "0.00000"),
        ];
    }

    /// <summary>GB/s of float32 of the fastest round.</summary>
    private static double Speed(Action action)
    {
        // The first rounds run while the compiler still works on the loops.
        var best = TimeSpan.MaxValue;
        var total = Stopwatch.StartNew();
        while (total.Elapsed < Budget)
        {
            var round = Stopwatch.StartNew();
            action();
            var elapsed = round.Elapsed;
            if (elapsed < best)
                best = elapsed;
        }

        return Count * sizeof(float) / best.TotalSeconds / 1e9;
    }

    private static double RelativeError(float[] values, float[] decoded)
    {
        var (error, norm) = (0d, 0d);
        for (var i = 0; i < values.Length; i++)
        {
            error += Math.Pow((double)decoded[i] - values[i], 2);
            norm += Math.Pow(values[i], 2);
        }

        return Math.Sqrt(error / norm);
    }

    private static float[] Gaussian()
    {
        var random = new Random(1);
        var values = new float[Count];
        for (var i = 0; i < values.Length; i++)
            values[i] = (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
        return values;
    }

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
