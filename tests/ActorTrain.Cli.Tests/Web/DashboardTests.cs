using System.Globalization;
using System.Text.RegularExpressions;
using ActorTrain.Cli.Tests.Cluster;
using Microsoft.Playwright;

namespace ActorTrain.Cli.Tests.Web;

/// <summary>The dashboard in a real browser, of a cluster of real processes.</summary>
public sealed partial class DashboardTests : IDisposable
{
    private const string Token = "0123456789abcdef0123";

    // Slow enough to be looked at; a wire that rounds, since one that does not has little to show.
    private static readonly string[] Job =
    [
        "hocon/jobs/kjv-gpt-tiny.conf", "--set", "steps=200000", "--set", "model.layers=6", "--set", "model.width=64", "--set", "data.validation=0",
        "--set", "batch.micro-batches=8", "--set", "wire.activations=bf16", "--set", "wire.gradients=int8", "--set", "checkpoint.every=0",
    ];

    private static readonly (string Name, int Width, int Height, ColorScheme Scheme)[] Windows =
    [
        ("laptop-light", 1280, 800, ColorScheme.Light),
        ("laptop-dark", 1280, 800, ColorScheme.Dark),
        ("phone-light", 390, 844, ColorScheme.Light),
        ("phone-dark", 390, 844, ColorScheme.Dark),
    ];

    private readonly Tool _tool = new();
    private readonly List<NodeProcess> _nodes = [];

    public void Dispose()
    {
        _nodes.ForEach(node => node.Dispose());
        _tool.Dispose();
    }

    [SkippableFact]
    public async Task A_run_is_followed_through_the_death_of_a_node()
    {
        Skip.If(Browser.Program is null, "there is no Chromium: apt-get install chromium");
        var url = await StartAsync("http { enabled = true, port = 0 }");
        Assert.Equal(0, Tool.Run(["submit", .. Job, "--to", _nodes[0].Address]).ExitCode);
        await using var browser = await Browser.StartAsync();
        var pages = await Task.WhenAll(Windows.Select(w => browser.OpenAsync(url, w.Width, w.Height, w.Scheme)));

        await Task.WhenAll(pages.Select(page => ReachesAsync(page, 60)));
        await Task.WhenAll(pages.Select(page => page.WaitForFunctionAsync("document.getElementById('gantt').getAttribute('aria-label').includes('bubble')")));
        Assert.Equal(3, await pages[0].Locator(".node").CountAsync());
        Assert.Equal(2, await pages[0].Locator("#wires tr").CountAsync());
        Assert.Contains("bf16", await pages[0].Locator("#wires").InnerTextAsync(), StringComparison.Ordinal);

        _nodes[2].Signal("KILL");
        await Task.WhenAll(pages.Select(page => page.Locator("#log .failure").First.WaitForAsync()));
        await Task.WhenAll(pages.Select(page => page.Locator("#log .recovered").First.WaitForAsync()));
        await Task.WhenAll(pages.Select(page => page.Locator(".node.gone").WaitForAsync()));
        var before = await StepAsync(pages[0]);
        await Task.WhenAll(pages.Select(page => ReachesAsync(page, before + 60)));
        Assert.Contains(_nodes[2].Address, await pages[0].Locator(".node.gone").InnerTextAsync(), StringComparison.Ordinal);
        Assert.Equal("running", await pages[0].Locator("#state").InnerTextAsync());

        foreach (var (page, window) in pages.Zip(Windows))
        {
            await PictureAsync(page, window.Name);
            Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), $"{window.Name} scrolls sideways");
        }

        Assert.Empty(browser.Complaints);
    }

    [SkippableFact]
    public async Task A_token_is_asked_for_and_not_left_in_the_address()
    {
        Skip.If(Browser.Program is null, "there is no Chromium: apt-get install chromium");
        var url = await StartAsync($"http {{ enabled = true, port = 0, token = \"{Token}\" }}");
        await using var browser = await Browser.StartAsync();

        var asked = await browser.OpenAsync(url, 1280, 800, ColorScheme.Light);
        await asked.Locator("#ask-token").FillAsync("0000000000000000");
        await asked.Keyboard.PressAsync("Enter");
        await asked.Locator("#ask-wrong").WaitForAsync();
        await asked.Locator("#ask-token").FillAsync(Token);
        await asked.Keyboard.PressAsync("Enter");
        await asked.Locator(".node").First.WaitForAsync();

        var given = await browser.OpenAsync($"{url}#token={Token}", 1280, 800, ColorScheme.Light);
        await given.Locator(".node").First.WaitForAsync();
        Assert.DoesNotContain(Token, given.Url, StringComparison.Ordinal);
        Assert.False(await given.Locator("#ask").IsVisibleAsync());
        Assert.DoesNotContain(Token, string.Concat(_nodes.Select(node => node.Output)), StringComparison.Ordinal);
    }

    // The first serves the dashboard.
    private async Task<string> StartAsync(string http)
    {
        _nodes.Add(await NodeProcess.StartAsync(_tool.Runs, seed: null, http));
        _nodes.AddRange(await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => NodeProcess.StartAsync(_tool.Runs, _nodes[0].Address))));
        return DashboardPattern().Match(_nodes[0].Output).Groups["url"].Value;
    }

    private static async Task ReachesAsync(IPage page, long step) =>
        await page.WaitForFunctionAsync("step => Number(/step ([\\d,]+)/.exec(document.getElementById('steps').textContent)?.[1].replaceAll(',', '')) >= step", step);

    private static async Task<long> StepAsync(IPage page) => long.Parse(
        StepPattern().Match(await page.Locator("#steps").InnerTextAsync()).Groups["step"].Value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture);

    private static async Task PictureAsync(IPage page, string name)
    {
        var path = Path.Combine(Tool.Repository, "artifacts", "screenshots", name);
        await page.ScreenshotAsync(new PageScreenshotOptions { Path = $"{path}.png" });
        await page.ScreenshotAsync(new PageScreenshotOptions { Path = $"{path}-full.png", FullPage = true });
    }

    [GeneratedRegex(@"^dashboard: (?<url>\S+)", RegexOptions.Multiline)]
    private static partial Regex DashboardPattern();

    [GeneratedRegex(@"step (?<step>[\d,]+)")]
    private static partial Regex StepPattern();
}
