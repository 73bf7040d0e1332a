using ActorTrain.Core.Settings;

namespace ActorTrain.Hosting.Tests;

public sealed class JobOptionsTests
{
    private static readonly JobOptions Least = new()
    {
        Name = "a",
        Steps = 1,
        Sequences = 2,
        MicroBatches = 1,
        Model = new("gpt2"),
        Data = new("text"),
    };

    [Fact]
    public void What_is_not_set_is_not_written() =>
        Assert.Equal(
            """actortrain.job={"name":"a","steps":1,"model":{"type":"gpt2"},"data":{"type":"text"},"batch":{"sequences":2,"micro-batches":1}}""",
            Dense(Least));

    [Fact]
    public void What_is_set_is_written_under_its_key()
    {
        var text = Dense(Least with { Devices = ["cpu:0", "cpu:1"], Partition = [3, 5], CheckpointEvery = 10, Optimizer = new("sgd") { ["momentum"] = 0.5 } });
        Assert.Contains("\"pipeline\":{\"devices\":[\"cpu:0\",\"cpu:1\"],\"partition\":[3,5]}", text, StringComparison.Ordinal);
        Assert.Contains("\"checkpoint\":{\"every\":10}", text, StringComparison.Ordinal);
        Assert.Contains("\"optimizer\":{\"momentum\":0.5,\"type\":\"sgd\"}", text, StringComparison.Ordinal);
    }

    private static string Dense(JobOptions options) => string.Concat(options.ToHocon().Where(c => !char.IsWhiteSpace(c)));

    [Theory]
    [InlineData("a name with = and # and \"quotes\"")]
    [InlineData("[not, a, list]")]
    [InlineData("${nothing}")]
    public void A_text_set_on_a_job_arrives_as_it_is(string text)
    {
        var file = TrainingJob.From(Least).With("run.directory", text).Open([]);
        var names = new KnownNames
        {
            Models = ["gpt2"],
            Data = ["text"],
            Optimizers = ["adamw"],
            LearningRateSchedules = ["constant"],
            Schedules = ["1f1b"],
            Codecs = ["fp32"],
        };
        Assert.Equal(text, file.Read(names, Akka.Configuration.ConfigurationFactory.Empty).Job.Run.Directory);
    }
}
