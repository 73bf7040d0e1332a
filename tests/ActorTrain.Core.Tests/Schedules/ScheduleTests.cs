using ActorTrain.Core.Schedules;
using CsCheck;

namespace ActorTrain.Core.Tests.Schedules;

public sealed class ScheduleTests
{
    [Fact]
    public void Every_schedule_of_every_shape_is_valid() =>
        Pipelines.Any.Sample(ScheduleValidator.Validate);

    [Theory]
    [InlineData("interleaved-1f1b")]
    [InlineData("zb-h2")]
    [InlineData("zb-v")]
    [InlineData("v-half")]
    [InlineData("dualpipe-v")]
    public void Long_pipelines_are_valid(string name) =>
        Gen.Select(Gen.Int[9, 70], Gen.Int[1, 150]).Sample((p, m) => ScheduleValidator.Validate(Pipelines.Create(name, p, m)), iter: 20);

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
        Assert.Equal(credits, Pipelines.Find(name).Create(new ScheduleShape(3, 1, 5)).Credits);

    [Theory]
    [InlineData("gpipe")]
    [InlineData("1f1b")]
    [InlineData("reactive")]
    public void Two_chunks_on_a_device_are_refused(string name)
    {
        var e = Assert.Throws<ScheduleException>(() => Pipelines.Find(name).Create(new ScheduleShape(3, 2, 5)));

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
        Assert.Equal([0, 1, 2, 3], new ReactiveSchedule().Create(new ScheduleShape(2, 1, 4)).SplitMicroBatches(0).Order());
    }

    [Theory]
    [InlineData("zb-v")]
    [InlineData("v-half")]
    [InlineData("dualpipe-v")]
    public void A_V_has_two_chunks_on_each_device(string name)
    {
        var e = Assert.Throws<ScheduleException>(() => Pipelines.Find(name).Create(new ScheduleShape(3, 3, 5)));

        Assert.Equal($"schedule '{name}' has two chunks on each device, not 3", e.Message);
        Assert.Equal<IEnumerable<int>>([0, 1, 2, 2, 1, 0], Pipelines.Create(name, 3, 5).Placement);
    }

    [Fact]
    public void Interleaving_one_chunk_is_refused()
    {
        var e = Assert.Throws<ScheduleException>(() => new Interleaved1F1BSchedule().Create(new ScheduleShape(3, 1, 6)));

        Assert.Equal("schedule 'interleaved-1f1b' has at least two chunks on each device, not 1; 1f1b is the same with one", e.Message);
    }

    [Theory]
    [InlineData("interleaved-1f1b", "F0@0 F1@0 F0@2 F1@2 F2@0 BW0@2 F3@0 BW1@2 F2@2 BW0@0 F3@2 BW1@0 BW2@2 BW3@2 BW2@0 BW3@0")]
    [InlineData("zb-h1", "F0@0 F1@0 B0@0 W0@0 F2@0 B1@0 W1@0 F3@0 B2@0 W2@0 B3@0 W3@0")]
    [InlineData("zb-h2", "F0@0 F1@0 F2@0 B0@0 W0@0 F3@0 B1@0 W1@0 B2@0 W2@0 B3@0 W3@0")]
    [InlineData("zb-v", "F0@0 F1@0 F2@0 F0@3 L0@3 B0@3 W0@3 F1@3 L1@3 B1@3 W1@3 F3@0 B0@0 W0@0 F2@3 L2@3 B2@3 W2@3 B1@0 W1@0 F3@3 L3@3 B3@3 W3@3 B2@0 W2@0 B3@0 W3@0")]
    [InlineData("dualpipe-v", "F0@0 F1@0 F2@0 F0@3 L0@3 B0@3 W0@3 F1@3 L1@3 F3@0 BW1@3 F2@3 L2@3 BW0@0 BW2@3 F3@3 L3@3 BW1@0 BW3@3 B2@0 W2@0 B3@0 W3@0")]
    public void The_first_of_two_devices_has_the_order_of_the_paper(string name, string list) =>
        Assert.Equal(list, string.Join(' ', Pipelines.Create(name, 2, 4).Actions!.Value[0]));
}
