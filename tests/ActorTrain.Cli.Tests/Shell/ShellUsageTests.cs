namespace ActorTrain.Cli.Tests.Shell;

public sealed class ShellUsageTests
{
    // Nothing listens there: a command that is wrong is refused before anybody is asked.
    private const string Nowhere = "127.0.0.1:9";

    [Theory]
    [InlineData("did you mean 'train status'", "train", "statsu")]
    [InlineData("there is no palette 'tarin'", "tarin", "list")]
    [InlineData("needs --address HOST:PORT", "cluster", "leave", "--yes")]
    [InlineData("HOST:PORT is right", "stage", "move", "1", "--to", "there")]
    [InlineData("a whole number", "stage", "show", "one")]
    [InlineData("with --yes it does not ask", "train", "stop", "job-1")]
    [InlineData("with --yes it does not ask", "cluster", "down", "-a", "127.0.0.1:9")]
    [InlineData("cannot be watched", "watch", "train", "tail")]
    [InlineData("there is no help on 'nothing'", "help", "nothing")]
    public void A_wrong_command_is_refused_with_exit_code_2_and_what_would_be_right(string hint, params string[] words)
    {
        var answer = Tool.Run(["shell", Nowhere, .. words]);
        Assert.Equal((2, ""), (answer.ExitCode, answer.Output));
        Assert.Contains(hint, answer.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("shell", "nowhere:x", "train", "list")]
    [InlineData("shell", Nowhere, "--tls-key", "nowhere.pem", "train", "list")]
    [InlineData("health", Nowhere, "--tls-certificate", "nowhere.pem")]
    public void A_wrong_contact_is_refused_with_exit_code_2(params string[] arguments)
    {
        var answer = Tool.Run(arguments);
        Assert.Equal((2, ""), (answer.ExitCode, answer.Output));
        Assert.StartsWith("error: ", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_job_that_is_wrong_is_refused_where_it_is_read()
    {
        var answer = Tool.Run("shell", Nowhere, "train", "submit", "nowhere.conf");
        Assert.Equal((2, ""), (answer.ExitCode, answer.Output));
        Assert.Contains("nowhere.conf", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_node_that_does_not_answer_is_a_failure()
    {
        var answer = Tool.Run("shell", Nowhere, "train", "list");
        Assert.Equal((1, ""), (answer.ExitCode, answer.Output));
        Assert.Contains($"no node of a cluster answers at {Nowhere}", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Help_needs_no_node()
    {
        var answer = Tool.Run("shell", Nowhere, "help");
        Assert.Equal(0, answer.ExitCode);
        foreach (var command in new[] { "cluster show", "train checkpoint", "stage move", "plan try", "wire list" })
            Assert.Contains(command, answer.Output, StringComparison.Ordinal);
    }
}
