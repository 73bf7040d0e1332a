using ActorTrain.Core.Plugins;
using ActorTrain.Core.Schedules;
using CsCheck;

namespace ActorTrain.Core.Tests.Schedules;

public sealed class ScheduleTests
{
    [Fact]
    public void Every_schedule_of_every_shape_is_valid() =>
        Pipelines.Any.Sample(ScheduleValidator.Validate);

    [Fact]
    public void One_forward_one_backward_has_the_order_of_the_paper()
    {
        var schedule = new OneForwardOneBackwardSchedule().Create(new ScheduleShape(2, 1, 3));

        var lists = schedule.Actions!.Value.Select(list => string.Join(' ', list));

        Assert.Equal(
            ["F0@0 F1@0 BW0@0 F2@0 BW1@0 BW2@0", "F0@1 L0@1 BW0@1 F1@1 L1@1 BW1@1 F2@1 L2@1 BW2@1"],
            lists);
    }

    [Fact]
    public void GPipe_runs_all_forwards_first()
    {
        var schedule = new GPipeSchedule().Create(new ScheduleShape(2, 1, 2));

        var lists = schedule.Actions!.Value.Select(list => string.Join(' ', list));

        Assert.Equal(["F0@0 F1@0 BW0@0 BW1@0", "F0@1 L0@1 F1@1 L1@1 BW0@1 BW1@1"], lists);
    }

    [Theory]
    [InlineData("gpipe", new[] { 5, 5, 5 })]
    [InlineData("1f1b", new[] { 3, 2, 1 })]
    [InlineData("reactive", new[] { 3, 2, 1 })]
    public void Credits_are_the_schedules_memory_limit(string name, int[] credits) =>
        Assert.Equal(credits, Find(name).Create(new ScheduleShape(3, 1, 5)).Credits);

    [Theory]
    [InlineData("gpipe")]
    [InlineData("1f1b")]
    [InlineData("reactive")]
    public void Two_chunks_on_a_device_are_refused(string name)
    {
        var e = Assert.Throws<ScheduleException>(() => Find(name).Create(new ScheduleShape(3, 2, 5)));

        Assert.Equal($"schedule '{name}' has one chunk on each device, not 2", e.Message);
    }

    [Fact]
    public void A_chunk_names_the_micro_batches_that_it_splits()
    {
        var mixed = Pipelines.Lists(
            new ScheduleShape(1, 2, 2), [0, 0], [2, 2],
            "F0@0 F0@1 L0@1 F1@0 F1@1 L1@1 BW0@1 B1@1 B0@0 W0@0 BW1@0 W1@1");

        Assert.Equal([0], mixed.SplitMicroBatches(0));
        Assert.Equal([1], mixed.SplitMicroBatches(1));
        Assert.Empty(new ReactiveSchedule().Create(new ScheduleShape(2, 1, 4)).SplitMicroBatches(0));
    }

    private static IScheduleFactory Find(string name) =>
        CoreExtensions.Register(new PluginRegistry()).Get<IScheduleFactory>(name);
}
