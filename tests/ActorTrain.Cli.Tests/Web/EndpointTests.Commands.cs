using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace ActorTrain.Cli.Tests.Web;

/// <summary>Commands that come over HTTP.</summary>
public sealed partial class EndpointTests
{
    [Fact]
    public async Task Commands_want_the_token_and_answer_as_the_shell_does()
    {
        await StartAsync($"http {{ enabled = true, port = 0, token = \"{Token}\" }}");
        foreach (var authorization in new[] { null, $"Bearer {Token}x", $"Basic {Token}" })
        {
            var refused = await PostAsync("""{"command": "cluster show"}""", authorization);
            Assert.Equal((HttpStatusCode.Unauthorized, false), (refused.Status, refused.Body.GetRawText().Contains(_node!.Address, StringComparison.Ordinal)));
        }

        var shown = await PostAsync("""{"command": "cluster show"}""", $"Bearer {Token}");
        Assert.Equal(HttpStatusCode.OK, shown.Status);
        Assert.Equal(Tool.Run("shell", _node!.Address, "cluster", "show", "--json").Output.Trim(), shown.Body.GetRawText());
        Assert.Equal(_node.Address, shown.Body[0].GetProperty("address").GetString());
        Assert.Equal("[]", (await PostAsync("""{"command": "train list --json"}""", $"Bearer {Token}")).Body.GetRawText());

        using var document = await GetAsync("/openapi.json", $"Bearer {Token}");
        using var paths = JsonDocument.Parse(await document.Content.ReadAsStringAsync());
        var post = paths.RootElement.GetProperty("paths").GetProperty("/api/commands").GetProperty("post");
        Assert.True(post.GetProperty("requestBody").GetProperty("content").TryGetProperty("application/json", out _));
    }

    [Fact]
    public async Task What_takes_something_away_is_done_only_when_it_is_confirmed()
    {
        await StartAsync("http { enabled = true, port = 0 }");
        using var job = Tool.Start("submit", "hocon/jobs/kjv-gpt-tiny.conf", "--to", _node!.Address, "--follow", "--json", "--set", "steps=1000000", "--set", "checkpoint.every=1000000");
        var name = await FirstJobAsync();
        await ReadEventsAsync(name, last: null, most: 6);
        foreach (var body in new[] { $$"""{"command": "train stop {{name}}"}""", $$"""{"command": "train stop --yes", "arguments": {"job": "{{name}}" } }""" })
        {
            var refused = await PostAsync(body);
            Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
            Assert.Contains("\"confirmed\": true", refused.Error, StringComparison.Ordinal);
        }

        // It goes on, and other commands need no confirmation.
        var paused = await PostAsync($$"""{"command": "train pause", "arguments": {"job": "{{name}}" } }""");
        Assert.Equal((HttpStatusCode.OK, name), (paused.Status, paused.Body.GetProperty("job").GetString()));
        Assert.Equal(HttpStatusCode.OK, (await PostAsync($$"""{"command": "train resume {{name}}"}""")).Status);
        var stopped = await PostAsync($$"""{"command": "train stop", "arguments": {"job": "{{name}}" }, "confirmed": true}""");
        Assert.Equal(HttpStatusCode.OK, stopped.Status);
        Assert.NotEqual(0, Tool.Finish(job).ExitCode);
    }

    [Fact]
    public async Task What_is_no_command_is_refused_with_what_would_be_right()
    {
        await StartAsync("http { enabled = true, port = 0 }");
        (string Body, HttpStatusCode Status, string Error)[] wrong =
        [
            ("""{"command": "train statsu"}""", HttpStatusCode.BadRequest, "did you mean 'train status'?"),
            ("""{"command": "train"}""", HttpStatusCode.BadRequest, "'train' needs a command"),
            ("""{"command": "train status", "arguments": {"jop": "job-1"}}""", HttpStatusCode.BadRequest, "--job"),
            ("""{"command": "train status", "arguments": {"job": {}}}""", HttpStatusCode.BadRequest, "arguments.job"),
            ("""{"command": "train status 'a"}""", HttpStatusCode.BadRequest, "not closed"),
            ("""{"command": "train tail"}""", HttpStatusCode.BadRequest, "/api/jobs/NAME/events"),
            ("""{"command": "train submit /etc/hostname"}""", HttpStatusCode.BadRequest, "actortrain submit FILE"),
            ("""{"command": "train stop", "confirm": true}""", HttpStatusCode.BadRequest, "\"confirmed\": true"),
            ("""{"command": """, HttpStatusCode.BadRequest, "the body cannot be read"),
            ("null", HttpStatusCode.BadRequest, "the body is null"),
            ("""{"command": "train status job-99"}""", HttpStatusCode.Conflict, "job-99"),
        ];
        foreach (var (body, status, error) in wrong)
        {
            var refused = await PostAsync(body);
            Assert.Equal((body, status), (body, refused.Status));
            Assert.Contains(error, refused.Error, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/vnd.x+json")]
    [InlineData(null)]
    public async Task Only_json_is_taken_which_pages_of_other_sites_cannot_send_unasked(string? contentType)
    {
        await StartAsync("http { enabled = true, port = 0 }");
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await PostAsync("""{"command": "cluster show"}""", contentType: contentType)).Status);
    }

    private async Task<CommandReply> PostAsync(string body, string? authorization = null, string? contentType = "application/json")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/commands") { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };
        request.Content.Headers.ContentType = contentType is null ? null : new MediaTypeHeaderValue(contentType);
        if (authorization is not null)
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        using var answer = await _http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return new CommandReply(answer.StatusCode, text.Length == 0 ? default : JsonElement.Parse(text));
    }

    private sealed record CommandReply(HttpStatusCode Status, JsonElement Body)
    {
        public string? Error => Body.GetProperty("error").GetString();
    }
}
