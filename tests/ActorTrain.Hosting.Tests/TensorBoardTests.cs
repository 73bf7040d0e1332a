using System.Text;
using ActorTrain.Core.Training;

namespace ActorTrain.Hosting.Tests;

public sealed class TensorBoardTests
{
    // RFC 3720, section B.4.
    [Fact]
    public void The_readers_checksum_is_the_standards() => Assert.Equal(0x8A9136AAu, TensorBoardReader.Crc32C(new byte[32]));

    [Fact]
    public async Task The_event_file_holds_what_each_step_measured()
    {
        await using var host = await TestHost.StartAsync();
        var run = await host.Training.StartAsync(host.Job(steps: 4).With("tensorboard.enabled", true));
        var result = await run.Completion;
        var steps = (await run.FollowAsync().ToListAsync()).OfType<StepCompleted>().ToList();

        var file = Assert.Single(Directory.GetFiles(Path.Combine(result.RunDirectory, "tensorboard"), "events.out.tfevents.*"));
        var records = TensorBoardReader.Records(file).ToList();
        Assert.Equal("brain.Event:2", Encoding.UTF8.GetString(TensorBoardReader.Fields(records[0]).Single(f => f.Field == 3).Bytes));
        var losses = records.SelectMany(TensorBoardReader.Scalars).Where(s => s.Tag == "train/loss").Select(s => (s.Step, s.Value));
        Assert.Equal(steps.Select(s => (s.Step, (float)s.Loss)), losses);
    }

    [Fact]
    public async Task Nothing_is_written_for_a_job_that_does_not_say_so()
    {
        await using var host = await TestHost.StartAsync();
        Assert.False(Directory.Exists(Path.Combine((await host.TrainAsync(host.Job(steps: 1))).RunDirectory, "tensorboard")));
    }
}
