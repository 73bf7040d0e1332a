using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using ActorTrain.Core.Settings;
using ActorTrain.Core.Telemetry;
using ActorTrain.Core.Training;

namespace ActorTrain.Hosting.Tests;

public sealed class TelemetryTests
{
    [Fact]
    public async Task A_run_measures_its_steps_and_its_bubble()
    {
        const string job = "measured";
        var measured = new ConcurrentBag<(string Name, double Value)>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == TrainingTelemetry.SourceName)
                self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.Start();

        await using var host = await TestHost.StartAsync();
        await host.TrainAsync(host.Job(steps: 6, name: job));
        Assert.Equal(6, measured.Count(m => m.Name == "actortrain.step.duration" && m.Value > 0));
        Assert.Equal(6 * 4 * 8, measured.Where(m => m.Name == "actortrain.tokens").Sum(m => m.Value));
        Assert.Contains(measured, m => m.Name == "actortrain.bubble.ratio");
        Assert.All(measured.Where(m => m.Name == "actortrain.bubble.ratio"), m => Assert.InRange(m.Value, 0, 1));

        void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            foreach (var tag in tags)
                if (tag is { Key: TrainingTelemetry.Job, Value: job })
                    measured.Add((instrument.Name, value));
        }
    }

    [Fact]
    public async Task A_runs_trace_holds_a_span_for_each_step()
    {
        const string job = "traced";
        var ended = new ConcurrentBag<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == TrainingTelemetry.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = ended.Add,
        };
        ActivitySource.AddActivityListener(listener);

        await using var host = await TestHost.StartAsync();
        await host.TrainAsync(host.Job(steps: 3, name: job));
        var own = ended.Where(a => (string?)a.GetTagItem(TrainingTelemetry.Job) == job).ToList();
        var run = Assert.Single(own, a => a.OperationName == "actortrain.run");
        Assert.Single(run.Events, e => e.Name == "actortrain.checkpoint");
        var steps = own.Where(a => a.OperationName == "actortrain.step").ToList();
        Assert.Equal([1L, 2L, 3L], steps.Select(s => (long)s.GetTagItem(TrainingTelemetry.Step)!).Order());
        Assert.All(steps, step => Assert.Equal(run.SpanId, step.ParentSpanId));
    }

    [Fact]
    public async Task Prometheus_scrapes_a_run_that_says_so()
    {
        var port = FreePort();
        await using var host = await TestHost.StartAsync();
        var run = await host.Training.StartAsync(host.Job(steps: 100_000).With("actortrain.telemetry.prometheus", $"127.0.0.1:{port}"));
        await run.FirstAsync<StepCompleted>();
        using var client = new HttpClient();
        var text = await client.GetStringAsync($"http://127.0.0.1:{port}/metrics");
        Assert.Contains("actortrain_step_duration_seconds_count", text, StringComparison.Ordinal);
        Assert.Contains("actortrain_job=\"tiny\"", text, StringComparison.Ordinal);
        await run.StopAsync();
    }

    [Fact]
    public async Task A_port_for_prometheus_that_is_taken_is_named()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        await using var host = await TestHost.StartAsync();
        var run = await host.Training.StartAsync(host.Job(steps: 1).With("actortrain.telemetry.prometheus", $"127.0.0.1:{port}"));
        var e = await Assert.ThrowsAsync<SettingsException>(() => run.Completion);
        Assert.Contains($"127.0.0.1:{port} cannot be opened", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Otlp_reaches_the_collector_that_a_job_names()
    {
        using var collector = new TcpListener(IPAddress.Loopback, 0);
        collector.Start();
        await using var host = await TestHost.StartAsync();
        var run = await host.Training.StartAsync(
            host.Job(steps: 2).With("actortrain.telemetry.otlp", $"http://127.0.0.1:{((IPEndPoint)collector.LocalEndpoint).Port}"));

        // What OTLP over gRPC begins with (RFC 9113, section 3.4); a collector that then hangs up is no harm to the run.
        var preface = new byte[14];
        using (var connection = await collector.AcceptTcpClientAsync())
            await connection.GetStream().ReadExactlyAsync(preface);
        collector.Stop();
        Assert.Equal("PRI * HTTP/2.0"u8.ToArray(), preface);
        Assert.Equal(2, (await run.Completion).Steps);
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
