using ActorTrain.Core.Settings;

namespace ActorTrain.Core.Tests.Settings;

public sealed class JobTextTests
{
    [Fact]
    public void A_job_that_comes_as_text_is_the_job_of_a_file() =>
        Assert.Equal(TestJob.Load(TestJob.Text, "steps=7").Job.Resolved, Read(TestJob.Text, "steps=7").Job.Resolved);

    [Fact]
    public void Relative_paths_start_from_the_directory_that_is_given() =>
        Assert.Equal("/somewhere/else", Read(TestJob.Text).Job.BaseDirectory);

    [Fact]
    public void The_resolved_job_of_a_file_can_be_sent()
    {
        var resolved = TestJob.Load(TestJob.Text, "wire.edges.0.gradients=int8").Job.Resolved;
        Assert.Equal(resolved, Read(resolved).Job.Resolved);
    }

    [Theory]
    [InlineData("actortrain.job {", "from client:1: actortrain.job: this '{' is never closed")]
    [InlineData("actortrain.job {\n stpes = 5 }", "from client:1: actortrain.job.name: is missing")]
    [InlineData("akka {}", "from client: actortrain: is missing")]
    public void A_wrong_text_is_refused_by_its_name_and_line(string text, string message) =>
        Assert.StartsWith(message, Refusal(text));

    [Fact]
    public void A_wrong_override_of_a_text_is_refused_by_name() =>
        Assert.StartsWith("--set steps=x: actortrain.job.steps: 'x' is not", Refusal(TestJob.Text, "steps=x"));

    [Theory]
    [InlineData("common.conf")]
    [InlineData("../common.conf")]
    [InlineData("/etc/common.conf")]
    public void A_text_that_includes_a_file_is_refused(string file) =>
        Assert.Equal(
            $"from client:8: '{file}' cannot be included: a text has no directory to include from; write its content here",
            Refusal($"{TestJob.Text}include \"{file}\" # more\n"));

    private static ActorTrainSettings Read(string text, params string[] overrides) =>
        JobFile.Parse("from client", text, "/somewhere/else", overrides).Read(TestJob.Names, TestJob.PluginDefaults);

    private static string Refusal(string text, params string[] overrides) =>
        Assert.Throws<SettingsException>(() => Read(text, overrides)).Message;
}
