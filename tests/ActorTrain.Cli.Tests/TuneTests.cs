using System.Text.Json;

namespace ActorTrain.Cli.Tests;

public sealed class TuneTests : IDisposable
{
    private const string Job = "hocon/jobs/kjv-gpt-tiny.conf";

    private readonly Tool _tool = new();

    public void Dispose() => _tool.Dispose();

    private string File(string name) => Path.Combine(_tool.Runs, name);

    [Fact]
    public void What_is_suggested_can_be_set_and_what_is_tried_is_measured()
    {
        const string Wasteful = "pipeline.recompute=full";
        var answer = Tool.Run("tune", Job, "--json", "--set", Wasteful, "--try", "1");
        Assert.True(answer.ExitCode == 0, answer.Error);
        var suggestions = Suggestions(answer);

        Assert.Equal(suggestions.Select(Seconds).Order(), suggestions.Select(Seconds));
        Assert.All(suggestions, s => Assert.InRange(s.GetProperty("predictedGain").GetDouble(), 0.005, 1));
        Assert.Equal(JsonValueKind.Number, suggestions[0].GetProperty("measuredGain").ValueKind);
        Assert.Contains(suggestions, s => Overrides(s).Contains("pipeline.recompute=none"));

        var same = suggestions.First(s => s.GetProperty("weights").GetString() == "same bits");
        string[] set = [.. Overrides(same).SelectMany(o => new[] { "--set", o })];
        Assert.Equal(_tool.Train("--set", Wasteful, "--set", "steps=3").Digest, _tool.Train(["--set", Wasteful, "--set", "steps=3", .. set]).Digest);
    }

    [Fact]
    public void A_trace_of_the_job_corrects_its_profile()
    {
        Assert.Equal(0, Tool.Run("profile", Job, "-n", "2", "--json", File("p.json")).ExitCode);
        Assert.NotEmpty(_tool.Train("--set", "steps=6", "--trace", File("t.json")).Digest);

        var answer = Tool.Run("tune", Job, "--json", "--profile", File("p.json"), "--trace", File("t.json"), "--latency", "1", "--bandwidth", "0.01");

        Assert.True(answer.ExitCode == 0, answer.Error);
        // Ten megabits a second: whatever takes fewer bytes is faster.
        var wire = Suggestions(answer).Where(s => Overrides(s).Contains("wire.gradients=int8")).ToList();
        Assert.NotEmpty(wire);
        Assert.All(wire, s => Assert.Equal("rounded", s.GetProperty("weights").GetString()));

        var other = Tool.Run("tune", Job, "--profile", File("p.json"), "--trace", File("t.json"), "--set", "batch.micro-batches=2");
        Assert.Equal(2, other.ExitCode);
        Assert.Contains("4 micro-batches a step, the job has 2", other.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_chosen_number_of_micro_batches_is_kept_by_a_run_that_goes_on()
    {
        string[] auto = ["--set", "batch.micro-batches=auto", "--set", "steps=12"];
        var run = _tool.Train([.. auto, "--set", "checkpoint.every=5"]);
        var chosen = System.Text.RegularExpressions.Regex.Match(System.IO.File.ReadAllText(Path.Combine(run.RunDirectory, "job.conf")), @"micro-batches[^0-9a-z]+(\w+)").Groups[1].Value;
        Assert.Contains(chosen, new[] { "2", "4", "8" });
        Assert.Equal(run.Digest, _tool.Train("--set", $"batch.micro-batches={chosen}", "--set", "steps=12", "--plain").Digest);

        Directory.Delete(Path.Combine(run.RunDirectory, "checkpoints", "step-00000012"), recursive: true);
        var resumed = _tool.Train([.. auto, "--resume", run.RunDirectory]);
        Assert.Equal(10, resumed.Events[0].GetProperty("resumed_from").GetInt32());
        Assert.Equal(run.Digest, resumed.Digest);
    }

    [Theory]
    [InlineData("--try -1", "tune", Job, "--try", "-1")]
    [InlineData("--bandwidth", "tune", Job, "--bandwidth", "0")]
    [InlineData("no trace", "tune", Job, "--trace", Job)]
    public void Wrong_usage_is_refused(string named, params string[] arguments)
    {
        var answer = Tool.Run(arguments);
        Assert.Equal((2, ""), (answer.ExitCode, answer.Output));
        Assert.Contains(named, answer.Error, StringComparison.Ordinal);
    }

    private static List<JsonElement> Suggestions(Answer answer) =>
        [.. JsonDocument.Parse(answer.Output).RootElement.GetProperty("suggestions").EnumerateArray()];

    private static double Seconds(JsonElement suggestion) => suggestion.GetProperty("stepSeconds").GetDouble();

    private static List<string> Overrides(JsonElement suggestion) =>
        [.. suggestion.GetProperty("settings").EnumerateArray().Select(s => $"{s.GetProperty("key").GetString()}={s.GetProperty("value").GetString()}")];
}
