namespace ActorTrain.Cli.Tests;

public sealed class UsageTests : IDisposable
{
    private readonly Tool _tool = new();

    public void Dispose() => _tool.Dispose();

    [Theory]
    [InlineData("stepz=6", "--set stepz=6")]
    [InlineData("steps=many", "--set steps=many")]
    [InlineData("model.heads=3", "heads")]
    [InlineData("pipeline.partition=[9, 9]", "partition")]
    [InlineData("pipeline.devices=[\"cpu:0\",\"cpu:0\"]", "twice")]
    [InlineData("pipeline.devices=[\"cpu:999\"]", "cpu:999")]
    [InlineData("pipeline.devices=[\"cuda:7\"]", "cuda:7")]
    [InlineData("pipeline.schedule=zigzag", "1f1b")]
    [InlineData("wire.gradients=zip", "fp8-e5m2")]
    [InlineData("pipeline.recompute=[none, full]", "recompute")]
    [InlineData("batch.micro-batches=3", "--set batch.micro-batches=3")]
    [InlineData("data.path=nowhere.txt", "nowhere.txt")]
    [InlineData("optimizer.betas=[0.9]", "betas")]
    public void A_wrong_setting_is_refused_before_anything_starts(string setting, string named)
    {
        var answer = _tool.Train("--set", setting);
        Assert.Equal((2, ""), (answer.ExitCode, answer.Output));
        Assert.Contains(named, answer.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_tool.Runs));
    }

    [Theory]
    [InlineData("train")]
    [InlineData("train", "nowhere.conf")]
    [InlineData("train", "hocon/jobs/kjv-gpt-tiny.conf", "--no-such-option")]
    [InlineData("no-such-command")]
    [InlineData("generate", "nowhere")]
    [InlineData("generate", "nowhere", "--length", "0")]
    public void Wrong_usage_is_refused_with_exit_code_2(params string[] arguments)
    {
        var answer = Tool.Run(arguments);
        Assert.Equal((2, ""), (answer.ExitCode, answer.Output));
        Assert.StartsWith("error: ", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mistake_in_the_file_is_named_with_its_line()
    {
        var file = Path.Combine(_tool.Runs, "job.conf");
        File.WriteAllText(file, "actortrain.job {\n  name = x\n  steps = 3\n  modell { type = gpt2 }\n}\n");
        var answer = Tool.Run("train", file);
        Assert.Equal(2, answer.ExitCode);
        Assert.Contains("job.conf:4", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Help_names_the_commands()
    {
        var answer = Tool.Run("--help");
        Assert.Equal(0, answer.ExitCode);
        foreach (var command in new[] { "train", "plan", "generate", "version" })
            Assert.Contains(command, answer.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_plan_is_drawn_in_characters_and_as_svg()
    {
        var svg = Path.Combine(_tool.Runs, "plan.svg");
        var answer = Tool.Run("plan", "hocon/jobs/kjv-gpt-tiny.conf", "--draw", "--svg", svg);
        Assert.Equal(0, answer.ExitCode);
        Assert.Contains("bubble", answer.Output, StringComparison.Ordinal);
        Assert.Contains("</svg>", File.ReadAllText(svg), StringComparison.Ordinal);
    }
}
