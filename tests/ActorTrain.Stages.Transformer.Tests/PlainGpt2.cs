using TorchSharp;

namespace ActorTrain.Stages.Transformer.Tests;

/// <summary>GPT-2 once more, in plain loops and double precision, from the paper and the names in its files.</summary>
internal sealed class PlainGpt2(IReadOnlyList<IReadOnlyDictionary<string, torch.Tensor>> parameters, int heads)
{
    public double[][] Logits(long[] tokens)
    {
        var (wte, wpe) = (Matrix(0, "wte.weight"), Matrix(0, "wpe.weight"));
        double[][] x = [.. tokens.Select((token, i) => Add(wte[token], wpe[i]))];
        for (var layer = 1; layer < parameters.Count - 1; layer++)
            x = Block(layer, x);

        var head = parameters.Count - 1;
        var unembedding = Matrix(head, "lm_head.weight");
        return [.. Norm(head, "ln_f", x).Select(row => unembedding.Select(w => Dot(w, row)).ToArray())];
    }

    private double[][] Block(int layer, double[][] x)
    {
        var attended = x.Zip(Attention(layer, Norm(layer, "ln_1", x)), Add).ToArray();
        var inner = Linear(layer, "mlp.c_fc", Norm(layer, "ln_2", attended)).Select(row => row.Select(Gelu).ToArray()).ToArray();
        return [.. attended.Zip(Linear(layer, "mlp.c_proj", inner), Add)];
    }

    private double[][] Attention(int layer, double[][] x)
    {
        var (width, size) = (x[0].Length, x[0].Length / heads);
        var qkv = Linear(layer, "attn.c_attn", x);
        var mixed = x.Select(_ => new double[width]).ToArray();
        for (var head = 0; head < heads; head++)
            for (var i = 0; i < x.Length; i++)
            {
                var query = Part(qkv[i], 0, head);
                var weights = Enumerable.Range(0, i + 1).Select(j => Math.Exp(Dot(query, Part(qkv[j], 1, head)) / Math.Sqrt(size))).ToArray();
                for (var j = 0; j <= i; j++)
                    for (var k = 0; k < size; k++)
                        mixed[i][(head * size) + k] += weights[j] / weights.Sum() * Part(qkv[j], 2, head)[k];
            }

        return Linear(layer, "attn.c_proj", mixed);

        double[] Part(double[] row, int which, int head) => row[((which * width) + (head * size))..][..size];
    }

    private double[][] Linear(int layer, string name, double[][] x)
    {
        var (weight, bias) = (Matrix(layer, $"{name}.weight"), Vector(layer, $"{name}.bias"));
        return [.. x.Select(row => bias.Select((b, o) => b + row.Select((value, i) => value * weight[i][o]).Sum()).ToArray())];
    }

    private double[][] Norm(int layer, string name, double[][] x)
    {
        var (weight, bias) = (Vector(layer, $"{name}.weight"), Vector(layer, $"{name}.bias"));
        return [.. x.Select(row =>
        {
            var mean = row.Average();
            var deviation = Math.Sqrt(row.Average(v => (v - mean) * (v - mean)) + 1e-5);
            return row.Select((v, i) => ((v - mean) / deviation * weight[i]) + bias[i]).ToArray();
        })];
    }

    private static double Gelu(double x) => 0.5 * x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x))));

    private static double[] Add(double[] a, double[] b) => [.. a.Zip(b, (x, y) => x + y)];

    private static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();

    private double[] Vector(int layer, string name) => [.. TestModels.Values(parameters[layer][name]).Select(v => (double)v)];

    private double[][] Matrix(int layer, string name) =>
        [.. Vector(layer, name).Chunk((int)parameters[layer][name].shape[1])];
}
