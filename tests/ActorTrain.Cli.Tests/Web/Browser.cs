using Microsoft.Playwright;

namespace ActorTrain.Cli.Tests.Web;

/// <summary>The system's Chromium, and what its pages complain of.</summary>
internal sealed class Browser : IAsyncDisposable
{
    private const float Patience = 120_000;

    private static readonly string[] Programs = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;
    private readonly List<string> _complaints = [];

    private Browser(IPlaywright playwright, IBrowser browser) => (_playwright, _browser) = (playwright, browser);

    /// <summary>Where Chromium is; null when this machine has none.</summary>
    public static string? Program => Programs.FirstOrDefault(File.Exists);

    /// <summary>What pages wrote to their consoles as errors, threw, or could not load.</summary>
    public IReadOnlyList<string> Complaints
    {
        get
        {
            lock (_complaints)
                return [.. _complaints];
        }
    }

    /// <summary>Starts Chromium.</summary>
    public static async Task<Browser> StartAsync()
    {
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Program,
            // Chromium's sandbox does not start as root, which CI is.
            ChromiumSandbox = Environment.UserName != "root",
        });
        return new Browser(playwright, browser);
    }

    /// <summary>Opens a page in a window of its own.</summary>
    /// <param name="url">The page.</param>
    /// <param name="width">The window's width.</param>
    /// <param name="height">The window's height.</param>
    /// <param name="scheme">Light or dark.</param>
    public async Task<IPage> OpenAsync(string url, int width, int height, ColorScheme scheme)
    {
        var context = await _browser.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = height },
            ColorScheme = scheme,
            DeviceScaleFactor = width < 600 ? 2 : 1,
            ReducedMotion = ReducedMotion.Reduce,
        });
        context.SetDefaultTimeout(Patience);
        var page = await context.NewPageAsync();
        page.Console += (_, message) => Complain(message.Type is "error" or "warning", message.Text);
        page.PageError += (_, error) => Complain(true, error);
        await page.GotoAsync(url);
        return page;
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.CloseAsync();
        _playwright.Dispose();
    }

    private void Complain(bool matters, string text)
    {
        if (!matters)
            return;
        lock (_complaints)
            _complaints.Add(text);
    }
}
