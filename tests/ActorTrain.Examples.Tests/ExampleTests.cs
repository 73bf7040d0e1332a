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
        long steps;
        using (var interrupted = Console("--steps=1000000"))
        {
            await interrupted.LineAsync("step 2 ");
            interrupted.Interrupt();
            var last = InterruptedPattern().Match((await interrupted.EndAsync()).Output);
            Assert.True(last.Success);
            steps = long.Parse(last.Groups[1].Value, CultureInfo.InvariantCulture) + 20;
        }

        using var rest = Console($"--steps={steps}");
        var (exitCode, output) = await rest.EndAsync();
        Assert.Equal(0, exitCode);
        Assert.DoesNotContain("step 2 ", output, StringComparison.Ordinal);

        using var whole = Console($"--steps={steps}", $"--runs={_runs}/whole");
        Assert.Equal(Digest((await whole.EndAsync()).Output), Digest(output));
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
    public async Task The_web_host_serves_what_its_model_writes_while_it_trains_on_and_ends_in_good_order()
    {
        using var example = Web();
        using var client = await ClientAsync(example);
        var text = await client.GetStringAsync("/generate?prompt=And+God&length=20");
        Assert.StartsWith("And God", text, StringComparison.Ordinal);
        Assert.True(text.Length > "And God".Length);
        Assert.Contains("\"round\":", await client.GetStringAsync("/"), StringComparison.Ordinal);
        example.Interrupt();
        Assert.Equal(0, (await example.EndAsync()).ExitCode);

        // The first round is done and left its model, so it is not trained again.
        using var again = Web();
        using var other = await ClientAsync(again);
        Assert.StartsWith("And God", await other.GetStringAsync("/generate?prompt=And+God&length=5"), StringComparison.Ordinal);
        Assert.Single(Directory.GetDirectories(Path.Combine(_runs, "web-gpt-1")), run => Path.GetFileName(run) != "latest");
    }

    [Fact]
    public async Task The_plug_in_trains_its_own_layers_on_its_own_data_over_its_own_codec()
    {
        using var example = Example.Start("Plugin", "ActorTrain.Examples.Plugin", "steps=20", $"run.directory={_runs}");
        var (exitCode, output) = await example.EndAsync();
        Assert.True(exitCode == 0, output);
        Assert.Contains("done after step 20", output, StringComparison.Ordinal);

        // Half the bytes, less what frames add. The median, for a step's last bytes may count among the next one's.
        var ratios = RatioPattern().Matches(output).Select(m => double.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture)).Order().ToList();
        Assert.InRange(ratios[ratios.Count / 2], 1.5, 2);
    }

    private Example Web() =>
        Example.Start("WebHost", "WebHost", "--urls", "http://127.0.0.1:0", "--steps=5", "--rounds=1000", $"--runs={_runs}");

    private static async Task<HttpClient> ClientAsync(Example web)
    {
        var address = (await web.LineAsync("Now listening on:")).Split("on: ")[1].Trim();
        return new HttpClient { BaseAddress = new Uri(address), Timeout = TimeSpan.FromMinutes(1) };
    }

    private Example Console(params string[] arguments) => Example.Start("ConsoleHost", "ConsoleHost", [$"--runs={_runs}", .. arguments]);

    private static string Digest(string output) => DigestPattern().Match(output).Groups[1].Value is { Length: 64 } digest
        ? digest
        : throw new InvalidOperationException($"no digest in: {output}");

    [GeneratedRegex("sha256 ([0-9a-f]{64})")]
    private static partial Regex DigestPattern();

    [GeneratedRegex("interrupted after step ([0-9]+)")]
    private static partial Regex InterruptedPattern();

    [GeneratedRegex("([0-9.]+) times smaller")]
    private static partial Regex RatioPattern();
}
