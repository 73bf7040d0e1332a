using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Spectre.Console;

namespace ActorTrain.Benchmarks.Cluster;

/// <summary>
/// What the dashboard costs: two nodes that serve none, and two of which one serves it to a reader that takes every event,
/// on the same machine. Interleaved rounds of whole runs.
/// </summary>
internal static class DashboardBenchmark
{
    private const int Rounds = 3;

    private static readonly string[] Short = ["--set", "data.validation=0", "--set", "checkpoint.every=0"];

    /// <summary>Runs the benchmark and prints its table.</summary>
    public static async Task RunAsync(IAnsiConsole console, IReadOnlyList<string> settings)
    {
        var runs = Directory.CreateTempSubdirectory("actortrain-benchmark-").FullName;
        string[] overrides = [.. Short, .. settings.SelectMany(s => new[] { "--set", s })];
        var table = new Table().AddColumns("job", "ms a step, off", "on", "ratio of medians", "ratios of rounds", "events read");
        try
        {
            foreach (var (job, steps) in new[] { ("hocon/jobs/kjv-gpt-tiny.conf", 800), ("hocon/jobs/kjv-gpt.conf", 60) })
                table.AddRow(await MeasureAsync(runs, job, [.. overrides, "--set", $"steps={steps}"]).ConfigureAwait(false));
        }
        finally
        {
            Directory.Delete(runs, recursive: true);
        }

        console.Write(table);
    }

    private static async Task<string[]> MeasureAsync(string runs, string job, string[] overrides)
    {
        var (off, on, events) = (new List<double>(), new List<double>(), 0);
        for (var round = 0; round < Rounds; round++)
        {
            off.Add(Median(ToolRun.Execute([], Arguments(runs, job, "off", overrides))));
            var port = FreePort();
            using var over = new CancellationTokenSource();
            var reading = ReadAsync(port, over.Token);
            on.Add(Median(await Task.Run(() => ToolRun.Execute([], Arguments(runs, job, port.ToString(CultureInfo.InvariantCulture), overrides))).ConfigureAwait(false)));
            await over.CancelAsync().ConfigureAwait(false);
            events += await reading.ConfigureAwait(false);
        }

        string Milliseconds(List<double> seconds) => (1e3 * Middle(seconds)).ToString("F2", CultureInfo.InvariantCulture);
        return
        [
            Path.GetFileNameWithoutExtension(job),
            Milliseconds(off),
            Milliseconds(on),
            Ratio(Middle(on) / Middle(off)),
            string.Join(' ', on.Zip(off, (a, b) => Ratio(a / b))),
            events.ToString(CultureInfo.InvariantCulture),
        ];
    }

    // As a page does: the steps so far, and then all events.
    private static async Task<int> ReadAsync(int port, CancellationToken over)
    {
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = Timeout.InfiniteTimeSpan };
        var count = 0;
        while (!over.IsCancellationRequested)
        {
            try
            {
                var jobs = JsonElement.Parse(await http.GetStringAsync(new Uri("api/jobs", UriKind.Relative), over).ConfigureAwait(false));
                if (jobs.GetArrayLength() > 0)
                {
                    using var stream = await http.GetStreamAsync(new Uri($"api/jobs/{jobs[0].GetProperty("id").GetString()}/events", UriKind.Relative), over).ConfigureAwait(false);
                    using var lines = new StreamReader(stream);
                    while (await lines.ReadLineAsync(over).ConfigureAwait(false) is { } line)
                        count += line.StartsWith("data:", StringComparison.Ordinal) ? 1 : 0;
                }

                await Task.Delay(200, over).ConfigureAwait(false);
            }
            catch (Exception e) when (e is HttpRequestException or IOException)
            {
                // Not up yet, or on its way down.
                await Task.Delay(200, over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException)
            {
                break;
            }
        }

        return count;
    }

    private static string[] Arguments(string runs, string job, string http, string[] overrides) =>
        ["cluster", "up", "--nodes", "2", "--http", http, "--job", job, "--json", "--runs", runs, .. overrides];

    private static double Median(ToolRun run) => Middle(run.Steps);

    private static double Middle(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }

    private static string Ratio(double ratio) => ratio.ToString("F3", CultureInfo.InvariantCulture);

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
