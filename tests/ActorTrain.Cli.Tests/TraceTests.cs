using System.Text.Json;

namespace ActorTrain.Cli.Tests;

public sealed class TraceTests : IDisposable
{
    private readonly Tool _tool = new();

    public void Dispose() => _tool.Dispose();

    private string File(string name) => Path.Combine(_tool.Runs, name);

    [Fact]
    public void A_traced_run_has_the_same_weights_and_tells_where_its_time_went()
    {
        var devices = new[] { "--set", "steps=6", "--set", "pipeline.recompute=full" };
        var traced = _tool.Train([.. devices, "--trace", File("t.json"), "--trace-steps", "3-5"]);
        Assert.Equal(_tool.Train(devices).Digest, traced.Digest);

        var answer = Tool.Run("trace", File("t.json"), "--json", "--svg", File("t.svg"), "--png", File("t.png"));
        var report = JsonDocument.Parse(answer.Output).RootElement;
        Assert.Equal((3, 5), (report.GetProperty("firstStep").GetInt32(), report.GetProperty("lastStep").GetInt32()));
        var causes = report.GetProperty("causes").EnumerateObject().Sum(cause => cause.Value.GetDouble());
        Assert.Equal(report.GetProperty("bubbleFraction").GetDouble(), causes, 6);
        Assert.Contains("predicted", System.IO.File.ReadAllText(File("t.svg")), StringComparison.Ordinal);
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], System.IO.File.ReadAllBytes(File("t.png"))[..4]);
        Assert.Contains("\"recompute\"", System.IO.File.ReadAllText(File("t.json")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_profile_of_a_model_is_what_simulate_reads()
    {
        var profile = Tool.Run(
            "profile", "--model", "gpt2", "--batch-size", "2", "-n", "2", "--json", File("p.json"),
            "--set", "model.layers=2", "--set", "model.width=32", "--set", "model.heads=2", "--set", "model.context=16");
        Assert.True(profile.ExitCode == 0, profile.Error);
        foreach (var named in new[] { "h.1", "FLOP/byte", "memory", "loopback TCP" })
            Assert.Contains(named, profile.Output, StringComparison.Ordinal);
        var simulated = Tool.Run("simulate", "-p", "2", "--profile", File("p.json"), "--json");
        Assert.True(JsonDocument.Parse(simulated.Output).RootElement.GetProperty("stepSeconds").GetDouble() > 0, simulated.Error);
    }

    [Fact]
    public void A_comparison_has_a_row_for_each_schedule_beside_its_closed_form()
    {
        var answer = Tool.Run("simulate", "-p", "4", "-m", "8", "--compare", "1f1b,zb-h1", "--json");
        var rows = answer.Events;
        Assert.Equal(["1f1b", "zb-h1"], rows.Select(row => row.GetProperty("schedule").GetString()));
        Assert.All(rows, row => Assert.Equal(row.GetProperty("closedFormBubble").GetDouble(), row.GetProperty("bubble").GetDouble(), 9));
        Assert.Equal([4.0, 4.0], rows.Select(row => row.GetProperty("peakMax").GetDouble()));
    }

    [Fact]
    public void A_lost_device_costs_its_step_and_the_re_plan()
    {
        double Seconds(params string[] more) =>
            Tool.Run(["simulate", "-p", "4", "-m", "8", "--steps", "3", "--json", .. more]).Events[0].GetProperty("stepSeconds").GetDouble();
        Assert.True(Seconds("--fail-every", "50", "--re-plan", "5") > Seconds());
    }

    [Theory]
    [InlineData("--slow 9:2", "simulate", "--slow", "9:2")]
    [InlineData("--weight 3", "simulate", "--weight", "3")]
    [InlineData("--fail-every 3", "simulate", "--fail-every", "3")]
    [InlineData("1f1b", "simulate", "--schedule", "zigzag")]
    [InlineData("--model", "profile")]
    [InlineData("no trace", "trace", "hocon/jobs/kjv-gpt-tiny.conf")]
    [InlineData("--trace FILE", "train", "hocon/jobs/kjv-gpt-tiny.conf", "--trace-steps", "3-5")]
    [InlineData("5-8", "train", "hocon/jobs/kjv-gpt-tiny.conf", "--trace", "x", "--trace-steps", "5-")]
    [InlineData("--follow", "submit", "hocon/jobs/kjv-gpt-tiny.conf", "--to", "127.0.0.1:9", "--trace", "x")]
    public void Wrong_usage_is_refused(string named, params string[] arguments)
    {
        var answer = Tool.Run(arguments);
        Assert.Equal((2, ""), (answer.ExitCode, answer.Output));
        Assert.Contains(named, answer.Error, StringComparison.Ordinal);
    }
}
