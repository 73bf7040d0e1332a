using System.Diagnostics;
using System.Globalization;
using ActorTrain.Tests.Shared;
using Spectre.Console;

namespace ActorTrain.Benchmarks.Cluster;

/// <summary>
/// Two nodes of one core each beside two devices of one process, and beside themselves over a slow network with other
/// codecs. Interleaved rounds of whole runs; medians of steps, as ratios.
/// </summary>
internal static class ClusterBenchmark
{
    private const string Job = "hocon/jobs/kjv-gpt.conf";
    private const string Rate = "100mbit";
    private const int Rounds = 2;

    private static readonly string[] Short = ["--set", "steps=60", "--set", "data.validation=0", "--set", "checkpoint.every=0"];

    // Little to compute for what crosses, so that the network sets the pace.
    private static readonly string[] Narrow = ["--set", "model.layers=1", "--set", "pipeline.partition=[1, 2]"];

    private static readonly string[] Compressed = ["--set", "wire.activations=bf16", "--set", "wire.gradients=int8"];

    /// <summary>Runs the benchmark and prints its table.</summary>
    public static void Run(IAnsiConsole console, IReadOnlyList<string> settings)
    {
        Measure(console, settings, (measure, runs, overrides) =>
        {
            measure("two devices of one process", () => ToolRun.Execute([], ["train", Job, "--json", "--set", $"run.directory={runs}", .. Short, .. overrides]));
            measure("two nodes, fp32", () => Up(runs, [.. Short, .. overrides]));
            measure("two nodes, bf16/int8", () => Up(runs, [.. Short, .. Compressed, .. overrides]));
            using var hosts = NetworkNamespaces.TryCreate(2, Rate, out var unavailable);
            if (hosts is null)
            {
                console.WriteLine(unavailable);
                return;
            }

            measure($"{Rate}, fp32", () => Over(hosts, runs, [.. Short, .. Narrow, .. overrides]));
            measure($"{Rate}, bf16/int8", () => Over(hosts, runs, [.. Short, .. Narrow, .. Compressed, .. overrides]));
        });
    }

    /// <summary>Compares runs over two nodes that take no snapshots with some that take few or all, and prints a table.</summary>
    public static void RunSnapshots(IAnsiConsole console, IReadOnlyList<string> settings) =>
        Measure(console, settings, (measure, runs, overrides) =>
        {
            foreach (var every in (string[])["0", "auto", "1"])
                measure($"snapshot.every = {every}", () => Up(runs, [.. Short, "--set", $"snapshot.every={every}", .. overrides]));
        });

    private static void Measure(IAnsiConsole console, IReadOnlyList<string> settings, Action<Action<string, Func<ToolRun>>, string, string[]> round)
    {
        var runs = Directory.CreateTempSubdirectory("actortrain-benchmark-").FullName;
        var results = new Dictionary<string, (List<double> Steps, (long Bytes, long Raw) Wire)>();
        void Take(string name, Func<ToolRun> run)
        {
            var result = run();
            if (!results.TryGetValue(name, out var sum))
                results[name] = sum = ([], result.Wire);
            sum.Steps.AddRange(result.Steps);
        }

        try
        {
            for (var i = 0; i < Rounds; i++)
                round(Take, runs, [.. settings.SelectMany(s => new[] { "--set", s })]);
        }
        finally
        {
            Directory.Delete(runs, recursive: true);
        }

        console.Write(Table(results));
    }

    private static ToolRun Up(string runs, string[] settings) =>
        ToolRun.Execute([], ["cluster", "up", "--nodes", "2", "--job", Job, "--json", "--runs", runs, .. settings]);

    private static ToolRun Over(NetworkNamespaces hosts, string runs, string[] settings)
    {
        var nodes = new List<Process>();
        try
        {
            for (var host = 0; host < 2; host++)
            {
                var file = Path.Combine(runs, string.Create(CultureInfo.InvariantCulture, $"node-{host}.conf"));
                File.WriteAllText(file, string.Create(CultureInfo.InvariantCulture, $$"""
                    actortrain.node {
                      host = "{{NetworkNamespaces.AddressOf(host)}}"
                      seeds = [{{(host == 0 ? "" : $"\"{NetworkNamespaces.AddressOf(0)}:4053\"")}}]
                      devices = ["cpu:{{host}}"]
                      runs = "{{runs}}"
                    }
                    """));
                var node = ToolRun.Start(hosts.Launcher(host), ["node", file]);
                nodes.Add(node);
                while (node.StandardOutput.ReadLine() is { } line && !line.EndsWith(" is up", StringComparison.Ordinal))
                {
                }
            }

            return ToolRun.Execute(hosts.Launcher(0), ["submit", Job, "--to", $"{NetworkNamespaces.AddressOf(0)}:4053", "--follow", "--json", .. settings]);
        }
        finally
        {
            foreach (var node in nodes)
            {
                node.Kill();
                node.WaitForExit();
                node.Dispose();
            }
        }
    }

    private static Table Table(Dictionary<string, (List<double> Steps, (long Bytes, long Raw) Wire)> results)
    {
        var table = new Table().RoundedBorder().Title("median step, each beside the first of its group").AddColumns("run", "step", "ratio", "wire");
        var first = 0.0;
        foreach (var (name, (steps, wire)) in results)
        {
            var median = steps.Order().ElementAt(steps.Count / 2);
            if (first == 0 || name == $"{Rate}, fp32")
                first = median;
            table.AddRow(
                name,
                Text($"{median * 1e3:F0} ms"),
                Text($"{median / first:F3}"),
                wire.Bytes == 0 ? "" : Text($"{(double)wire.Raw / wire.Bytes:F2} times smaller than float32"));
        }

        return table;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
