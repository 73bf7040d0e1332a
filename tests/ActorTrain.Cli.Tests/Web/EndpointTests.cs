using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.RegularExpressions;
using ActorTrain.Cli.Tests.Cluster;

namespace ActorTrain.Cli.Tests.Web;

/// <summary>The HTTP endpoint of a real node.</summary>
public sealed partial class EndpointTests : IDisposable
{
    private const string Token = "0123456789abcdef0123";

    private static readonly string[] Guarded =
        ["/api/cluster", "/api/jobs", "/api/jobs/x", "/api/jobs/x/metrics", "/api/jobs/x/events", "/api/nothing", "/openapi.json", "/nothing"];

    private readonly Tool _tool = new();
    private readonly HttpClient _http = new();
    private NodeProcess? _node;

    public void Dispose()
    {
        _node?.Dispose();
        _http.Dispose();
        _tool.Dispose();
    }

    [Fact]
    public async Task Without_the_token_nothing_is_told_but_health_and_an_empty_page()
    {
        await StartAsync($"http {{ enabled = true, port = 0, token = \"{Token}\" }}");
        string?[] wrong = [null, "Bearer", $"Bearer {Token}x", $"Bearer {Token[1..]}", $"Basic {Token}", Token, $"Bearer {Token.ToUpperInvariant()}"];
        foreach (var path in Guarded)
        {
            foreach (var authorization in wrong)
            {
                using var refused = await GetAsync(path, authorization);
                Assert.Equal((path, authorization, HttpStatusCode.Unauthorized), (path, authorization, refused.StatusCode));
                Assert.Equal("Bearer", refused.Headers.WwwAuthenticate.ToString());
            }

            using var admitted = await GetAsync(path, $"Bearer {Token}");
            Assert.Equal(path.EndsWith("cluster", StringComparison.Ordinal) || path is "/api/jobs" or "/openapi.json" ? HttpStatusCode.OK : HttpStatusCode.NotFound, admitted.StatusCode);
        }

        foreach (var open in new[] { "/", "/main.js", "/style.css", "/health/live", "/health/ready" })
        {
            using var answer = await GetAsync(open, null);
            Assert.Equal((open, HttpStatusCode.OK), (open, answer.StatusCode));
            Assert.DoesNotContain(_node!.Address, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        Assert.DoesNotContain(Token, _node!.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task On_loopback_other_sites_are_kept_out_though_no_token_is_asked_for()
    {
        await StartAsync("http { enabled = true, port = 0 }");
        using (var own = await GetAsync("/api/jobs", null))
            Assert.Equal("[]", await own.Content.ReadAsStringAsync());
        using (var rebound = await GetAsync("/api/jobs", null, request => request.Headers.Host = "evil.example:80"))
            Assert.Equal(HttpStatusCode.MisdirectedRequest, rebound.StatusCode);
        using (var foreign = await GetAsync("/api/jobs", null, request => request.Headers.Add("Sec-Fetch-Site", "cross-site")))
            Assert.Equal(HttpStatusCode.Forbidden, foreign.StatusCode);
        using var page = await GetAsync("/", null);
        var policy = page.Headers.GetValues("Content-Security-Policy").Single();
        Assert.StartsWith("default-src 'none'; script-src 'self';", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_go_on_where_a_stream_broke_off_and_tell_each_once()
    {
        await StartAsync("http { enabled = true, port = 0 }");
        using var job = Tool.Start("submit", "hocon/jobs/kjv-gpt-tiny.conf", "--to", _node!.Address, "--follow", "--json", "--set", "steps=40");
        var name = await FirstJobAsync();
        var first = await ReadEventsAsync(name, last: null, most: 12);
        var rest = await ReadEventsAsync(name, last: first[^1].Id, most: int.MaxValue);
        var answer = Tool.Finish(job);
        Assert.Equal(0, answer.ExitCode);

        var all = first.Concat(rest).ToList();
        Assert.Equal(["start", "plan"], all.Take(2).Select(e => e.Kind));
        Assert.Equal("end", all[^1].Kind);
        Assert.Equal(all.Count, all.Select(e => e.Id).Distinct().Count());
        Assert.Equal(Enumerable.Range(1, 40), all.Where(e => e.Kind == "step").Select(e => e.Data.GetProperty("step").GetInt32()));
        Assert.Equal(
            answer.Events.Where(e => e.GetProperty("event").GetString() == "step").Select(e => e.GetProperty("loss").GetRawText()),
            all.Where(e => e.Kind == "step").Select(e => e.Data.GetProperty("loss").GetRawText()));

        using var metrics = JsonDocument.Parse(await _http.GetStringAsync(new Uri($"api/jobs/{name}/metrics", UriKind.Relative)));
        Assert.Equal(40, metrics.RootElement.GetProperty("points").GetArrayLength());
        Assert.All(metrics.RootElement.GetProperty("points").EnumerateArray(), AssertLayerNormsAddUp);

        var stranger = await ReadEventsAsync(name, last: "abc-7", most: 2);
        Assert.Equal(["reset", "start"], stranger.Select(e => e.Kind));
    }

    [Fact]
    public async Task A_port_that_is_taken_ends_the_node_with_its_setting_named()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        var file = Path.Combine(_tool.Runs, "node.conf");
        await File.WriteAllTextAsync(file, $$"""actortrain.node { port = 0, devices = ["cpu:0"], http { enabled = true, port = {{port}} } }""");
        var answer = Tool.Run("node", file);
        Assert.Equal(1, answer.ExitCode);
        Assert.Contains($"actortrain.node.http: cannot listen on http://127.0.0.1:{port}", answer.Error, StringComparison.Ordinal);
    }

    private static void AssertLayerNormsAddUp(JsonElement step)
    {
        var squares = step.GetProperty("layer_norms").EnumerateArray().Sum(norm => Math.Pow(norm.GetDouble(), 2));
        Assert.Equal(step.GetProperty("grad_norm").GetDouble(), Math.Sqrt(squares), 9);
    }

    private async Task StartAsync(string http)
    {
        _node = await NodeProcess.StartAsync(_tool.Runs, seed: null, http);
        _http.BaseAddress = new Uri(DashboardPattern().Match(_node.Output).Groups["url"].Value);
    }

    private async Task<HttpResponseMessage> GetAsync(string path, string? authorization, Action<HttpRequestMessage>? change = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (authorization is not null)
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        change?.Invoke(request);
        return await _http.SendAsync(request);
    }

    private async Task<string> FirstJobAsync()
    {
        while (true)
        {
            using var jobs = JsonDocument.Parse(await _http.GetStringAsync(new Uri("api/jobs", UriKind.Relative)));
            if (jobs.RootElement.GetArrayLength() > 0)
                return jobs.RootElement[0].GetProperty("id").GetString()!;
            await Task.Delay(20);
        }
    }

    private async Task<List<Happened>> ReadEventsAsync(string job, string? last, int most)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"api/jobs/{job}/events");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        if (last is not null)
            request.Headers.Add("Last-Event-ID", last);
        using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        var events = new List<Happened>();
        await foreach (var item in System.Net.ServerSentEvents.SseParser.Create(await answer.Content.ReadAsStreamAsync()).EnumerateAsync())
        {
            if (item.EventType != "ping")
                events.Add(new Happened(item.EventType, item.EventId ?? "", JsonElement.Parse(item.Data)));
            if (events.Count == most)
                break;
        }

        return events;
    }

    [GeneratedRegex(@"^dashboard: (?<url>\S+)", RegexOptions.Multiline)]
    private static partial Regex DashboardPattern();

    private sealed record Happened(string Kind, string Id, JsonElement Data);
}
