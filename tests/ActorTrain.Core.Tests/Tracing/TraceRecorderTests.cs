using ActorTrain.Core.Devices;
using ActorTrain.Core.Plans;
using ActorTrain.Core.Schedules;
using ActorTrain.Core.Settings;
using ActorTrain.Core.Tracing;

namespace ActorTrain.Core.Tests.Tracing;

public sealed class TraceRecorderTests
{
    private static readonly Schedule OneDevice = new GPipeSchedule().Create(new ScheduleShape(1, 1, 2));

    [Fact]
    public void Only_the_steps_asked_for_are_kept()
    {
        var recorder = new TraceRecorder(OneDevice, new TraceSteps(5, 6), done: 3, () => 7);
        Run(recorder, steps: 5);
        var trace = recorder.Build("job", "here", Plan, []);
        Assert.Equal([5, 6], trace.Slices.Select(s => s.Step).Distinct());
        Assert.Equal([TraceSlice.Norm, TraceSlice.Update], trace.Slices.Where(s => s.Step == 5 && s.Action is null).Select(s => s.Name));
        Assert.Equal(7, trace.Memory[0].Bytes);
    }

    [Fact]
    public void Recording_allocates_nothing()
    {
        var recorder = new TraceRecorder(OneDevice, new TraceSteps(1, 2), done: 0, () => 0);
        Run(recorder, steps: 1);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Run(recorder, steps: 50);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void A_run_that_did_not_reach_the_steps_is_told()
    {
        var recorder = new TraceRecorder(OneDevice, new TraceSteps(5, 6), done: 0, () => 0);
        Run(recorder, steps: 2);
        Assert.Contains("5-6", Assert.Throws<TraceException>(() => recorder.Build("job", "here", Plan, [])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Records_without_room_are_counted()
    {
        var ring = new TraceRing(3);
        for (var i = 0; i < 5; i++)
            ring.Add(new TraceRecord(i, null, "x", 0, 0, 0, 0));
        Assert.Equal(2, ring.Dropped);
        Assert.Equal([2, 3, 4], ring.Read().Select(r => r.Step));
    }

    [Theory]
    [InlineData("5-8", 5, 8)]
    [InlineData("5", 5, 5)]
    public void Steps_are_read(string text, long first, long last)
    {
        Assert.True(TraceSteps.TryParse(text, out var steps));
        Assert.Equal(new TraceSteps(first, last), steps);
    }

    [Theory]
    [InlineData("8-5")]
    [InlineData("0-3")]
    [InlineData("a-b")]
    [InlineData("1-2-3")]
    [InlineData("")]
    public void Other_steps_are_refused(string text) => Assert.False(TraceSteps.TryParse(text, out _));

    [Theory]
    [InlineData(0, 300, 3, 12)]
    [InlineData(100, 300, 103, 112)]
    [InlineData(0, 5, 3, 5)]
    [InlineData(0, 1, 1, 1)]
    public void The_usual_steps_are_within_the_run(long done, long last, long first, long end) =>
        Assert.Equal(new TraceSteps(first, end), TraceSteps.Default(done, last));

    private static PipelinePlan Plan => new()
    {
        Partition = new Partition([1]),
        Devices = [new DeviceSpec(DeviceKind.Cpu, 0, 1)],
        Schedule = OneDevice,
        Recompute = [RecomputePolicy.None],
        StepSeconds = 0,
        BubbleFraction = 0,
        Memory = [],
    };

    private static void Run(TraceRecorder recorder, int steps)
    {
        var actions = OneDevice.Actions!.Value[0].AsSpan();
        for (var step = 0; step < steps; step++)
        {
            foreach (var action in actions)
                recorder.Record(0, action, "", 0, 1, 2);
            recorder.Record(0, null, "norm", 2, 2, 3);
            recorder.Record(0, null, "step", 3, 3, 4);
        }
    }
}
