using ActorTrain.Compute.Devices;
using ActorTrain.Compute.Tests.Support;
using ActorTrain.Core.Generations;
using ActorTrain.Core.Schedules;
using CsCheck;

namespace ActorTrain.Compute.Tests.Devices;

public sealed class FlightRecorderTests : IDisposable
{
    private readonly TestDirectory _directory = new();
    private readonly FlightRecorder _recorder;

    public FlightRecorderTests() => _recorder = new FlightRecorder(File);

    private string File => _directory["cpu-0.flight"];

    public void Dispose()
    {
        _recorder.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public void What_runs_can_be_read_from_the_file() =>
        Gen.Select(Gen.String[Gen.Char['!', '~'], 0, 64], Gen.Long, Gen.Long, Gen.Int[0, 9], Gen.Int[0, 99], Gen.Long[1, long.MaxValue]).Sample(
            (job, number, incarnation, chunk, microBatch, step) =>
            {
                _recorder.WorkFor(job, new Generation(number, incarnation));
                _recorder.Begin("BW", new PipelineAction(ActionKind.Backward, chunk, microBatch), step);
                Assert.Equal(
                    new FlightNote(job, new Generation(number, incarnation), chunk, "BW", step, microBatch), FlightRecorder.Read(File));
                _recorder.End();
            },
            iter: 100,
            threads: 1);

    [Fact]
    public void Nothing_runs_before_the_first_action_and_between_two()
    {
        Assert.Null(FlightRecorder.Read(File));
        _recorder.Begin("F", new PipelineAction(ActionKind.Forward, 0, 0), 1);
        _recorder.End();
        Assert.Null(FlightRecorder.Read(File));
    }

    [Fact]
    public void A_process_that_never_opened_its_file_did_nothing() => Assert.Null(FlightRecorder.Read(_directory["none.flight"]));

    [Fact]
    public void An_action_belongs_to_the_run_that_it_began_for()
    {
        _recorder.WorkFor("a", new Generation(1, 1));
        _recorder.Begin("step", null, 7);
        _recorder.WorkFor("b", new Generation(2, 1));
        Assert.Equal(new FlightNote("a", new Generation(1, 1), -1, "step", 7, -1), FlightRecorder.Read(File));
    }

    [Fact]
    public void A_note_allocates_nothing()
    {
        var action = new PipelineAction(ActionKind.Forward, 1, 2);
        _recorder.WorkFor("job-1", new Generation(3, 4));
        Note();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            Note();
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        void Note()
        {
            _recorder.Begin("F", action, 17);
            _recorder.End();
        }
    }

    [Fact]
    public async Task A_device_notes_what_it_does_while_it_does_it()
    {
        FlightNote? during = null;
        using (var device = new DeviceExecutor(0, TestDevice.Cores(1), new DeviceExecutorOptions { Recorder = _recorder }))
            await device.Run("profile", () => { during = FlightRecorder.Read(File); });
        Assert.Equal("profile", during?.Action);
        Assert.Null(FlightRecorder.Read(File));
    }

    [Theory]
    [InlineData("B", 17, 3, "B of micro-batch 3 of step 17")]
    [InlineData("norm", 17, -1, "norm of step 17")]
    [InlineData("build", 0, -1, "build")]
    public void A_note_reads_as_people_say_it(string action, long step, int microBatch, string text) =>
        Assert.Equal(text, new FlightNote("job", default, 0, action, step, microBatch).ToString());
}
