using System.Globalization;
using System.Text.RegularExpressions;

namespace ActorTrain.Examples.Tests;

public sealed partial class ExampleTests : IDisposable
{
    private readonly string _runs = Directory.CreateTempSubdirectory("actortrain-examples-").FullName;

    public void Dispose() => Directory.Delete(_runs, recursive: true);

    [Fact]
    public async Task The_console_host_trains_and_after_an_interruption_goes_on_to_the_same_weights()
    {
        using var whole = Console("--steps=60", $"--runs={_runs}/whole");
        var digest = Digest((await whole.EndAsync()).Output);

        using (var interrupted = Console("--steps=60"))
        {
            await interrupted.LineAsync("step 2 ");
            interrupted.Interrupt();
            Assert.Contains("interrupted after step", (await interrupted.EndAsync()).Output, StringComparison.Ordinal);
        }

        using var rest = Console("--steps=60");
        var (exitCode, output) = await rest.EndAsync();
        Assert.Equal(0, exitCode);
        Assert.Equal(digest, Digest(output));
    }

    [Fact]
    public async Task The_console_host_says_what_is_wrong_and_fails()
    {
        using var example = Console("--steps=5", "--text=nothing.txt");
        var (exitCode, output) = await example.EndAsync();
        Assert.Equal(1, exitCode);
        Assert.Contains("nothing.txt", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_web_host_serves_what_its_model_writes_and_its_training_can_be_paused()
    {
        using var example = Example.Start("WebHost", "WebHost", "--urls", "http://127.0.0.1:0", "--steps=5", "--rounds=1000", $"--runs={_runs}");
        var address = (await example.LineAsync("Now listening on:")).Split("on: ")[1].Trim();
        using var client = new HttpClient { BaseAddress = new Uri(address), Timeout = TimeSpan.FromMinutes(1) };
        var text = await client.GetStringAsync("/generate?prompt=And+God&length=20");
        Assert.StartsWith("And God", text, StringComparison.Ordinal);
        Assert.True(text.Length > "And God".Length);
        Assert.Contains("\"round\":", await client.GetStringAsync("/"), StringComparison.Ordinal);
        example.Interrupt();
        Assert.Equal(0, (await example.EndAsync()).ExitCode);
    }

    [Fact]
    public async Task The_plug_in_trains_its_own_layers_on_its_own_data_over_its_own_codec()
    {
        using var example = Example.Start("Plugin", "ActorTrain.Examples.Plugin", "steps=20", $"run.directory={_runs}");
        var (exitCode, output) = await example.EndAsync();
        Assert.True(exitCode == 0, output);
        Assert.Contains("done after step 20", output, StringComparison.Ordinal);

        // Half the bytes, less what frames add.
        var ratios = RatioPattern().Matches(output).Select(m => double.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture)).ToList();
        Assert.NotEmpty(ratios);
        Assert.All(ratios, ratio => Assert.InRange(ratio, 1.5, 2));
    }

    private Example Console(params string[] arguments) => Example.Start("ConsoleHost", "ConsoleHost", [$"--runs={_runs}", .. arguments]);

    private static string Digest(string output) => DigestPattern().Match(output).Groups[1].Value is { Length: 64 } digest
        ? digest
        : throw new InvalidOperationException($"no digest in: {output}");

    [GeneratedRegex("sha256 ([0-9a-f]{64})")]
    private static partial Regex DigestPattern();

    [GeneratedRegex("([0-9.]+) times smaller")]
    private static partial Regex RatioPattern();
}
