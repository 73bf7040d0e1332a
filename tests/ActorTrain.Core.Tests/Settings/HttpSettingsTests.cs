using ActorTrain.Core.Settings;

namespace ActorTrain.Core.Tests.Settings;

public sealed class HttpSettingsTests
{
    private const string Token = "0123456789abcdef";

    [Fact]
    public void A_node_serves_nothing_unless_it_is_told_to() => Assert.Null(TestNode.Load(TestNode.Text).Http);

    [Fact]
    public void The_seed_that_comes_with_the_program_serves_this_machine_alone()
    {
        var seed = NodeFile.Load(PathResolver.Resolve(AppContext.BaseDirectory, "hocon/seed.conf"), [], TestNode.Environment());
        Assert.Equal(new HttpSettings("127.0.0.1", 4080, null), seed.Http);
        Assert.True(seed.Http!.IsLoopback);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.8.8.8")]
    [InlineData("::1")]
    [InlineData("localhost")]
    public void This_machine_needs_no_token(string host) =>
        Assert.Null(TestNode.Load(TestNode.Text, "http.enabled=true", $"http.host=\"{host}\"").Http!.Token);

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("10.0.0.1")]
    [InlineData("::")]
    [InlineData("example.org")]
    public void Other_machines_are_let_in_only_with_a_token(string host)
    {
        var refusal = TestNode.Refusal($"actortrain.node.http {{\n enabled = true\n host = \"{host}\"\n}}", []);
        Assert.StartsWith($"node.conf:3: actortrain.node.http.host: '{host}' lets other machines in, and actortrain.node.http.token is empty", refusal);
        Assert.Contains("127.0.0.1", refusal, StringComparison.Ordinal);
        Assert.Equal(Token, TestNode.Load(TestNode.Text, "http.enabled=true", $"http.host=\"{host}\"", $"http.token={Token}").Http!.Token);
    }

    [Theory]
    [InlineData("hunter2", "is too short to be secret")]
    [InlineData("two words are no token", "has characters that do not fit a header")]
    public void A_token_that_is_refused_is_not_repeated(string token, string problem)
    {
        var refusal = TestNode.Refusal($"actortrain.node.http.token = \"{token}\"", []);
        Assert.StartsWith($"node.conf:1: actortrain.node.http.token: {problem}", refusal);
        Assert.DoesNotContain(token, refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_in_words_do_not_give_the_token_away() =>
        Assert.DoesNotContain(Token, TestNode.Load(TestNode.Text, "http.enabled=true", $"http.token={Token}").ToString(), StringComparison.Ordinal);

    [Fact]
    public void Variables_set_the_endpoint() =>
        Assert.Equal(
            new HttpSettings("0.0.0.0", 80, Token),
            TestNode.LoadWith(
                "ACTORTRAIN_NODE_HTTP_ENABLED=true", "ACTORTRAIN_NODE_HTTP_HOST=0.0.0.0", "ACTORTRAIN_NODE_HTTP_PORT=80", $"ACTORTRAIN_NODE_HTTP_TOKEN={Token}").Http);
}
