using System.Collections.Immutable;
using ActorTrain.Core.Schedules;
using CsCheck;

namespace ActorTrain.Core.Tests.Schedules;

public sealed class ScheduleValidatorTests
{
    private static readonly ScheduleShape TwoByTwo = new(2, 1, 2);
    private const string Last = "F0@1 L0@1 BW0@1 F1@1 L1@1 BW1@1";

    [Fact]
    public void Split_backwards_are_valid() => ScheduleValidator.Validate(Pipelines.Split);

    [Fact]
    public void A_device_with_two_chunks_is_valid() => ScheduleValidator.Validate(Pipelines.VShape);

    [Theory]
    [InlineData("F0@0 BW0@0 F1@0 BW1@0 F0@0", "device 0, position 4, F0@0: a second F of micro-batch 0")]
    [InlineData("F0@0 BW0@0 BW0@0 F1@0 BW1@0", "device 0, position 2, BW0@0: a second B or BW of micro-batch 0")]
    [InlineData("F0@0 B0@0 BW0@0", "device 0, position 2, BW0@0: a second B or BW of micro-batch 0")]
    [InlineData("F0@0 B0@0 F1@0 BW1@0 W0@0", "device 0, position 3, BW1@0: each chunk runs W or BW in micro-batch order; 0 is next")]
    [InlineData("F1@0 F0@0 BW0@0 BW1@0", "device 0, position 0, F1@0: each chunk runs F in micro-batch order; 0 is next")]
    [InlineData("F0@0 F1@0 BW1@0 BW0@0", "device 0, position 2, BW1@0: each chunk runs B or BW in micro-batch order; 0 is next")]
    [InlineData("BW0@0 F0@0", "device 0, position 0, BW0@0: a backward must stand after F0@0")]
    [InlineData("F0@0 W0@0 B0@0", "device 0, position 1, W0@0: W must stand after B0@0")]
    [InlineData("F0@0 L0@0 BW0@0", "device 0, position 1, L0@0: only the last chunk, 1, has a loss")]
    [InlineData("F0@1", "device 0, position 0, F0@1: chunk 1 is on device 1")]
    [InlineData("F0@2", "device 0, position 0, F0@2: no such chunk; chunks are 0 to 1")]
    [InlineData("F2@0", "device 0, position 0, F2@0: no such micro-batch; micro-batches are 0 to 1")]
    [InlineData("F0@0 BW0@0 F1@0", "device 0, position 3, BW1@0: missing at the end of the list")]
    [InlineData("F0@0 B0@0 F1@0 B1@0 W0@0", "device 0, position 5, W1@0: missing at the end of the list")]
    public void A_broken_rule_is_named_with_its_place(string list, string message) =>
        AssertRefused(Pipelines.Lists(TwoByTwo, [0, 1], [2, 1], list, Last), message);

    [Fact]
    public void More_in_flight_than_credits_are_refused() => AssertRefused(
        Pipelines.Lists(TwoByTwo, [0, 1], [1, 1], "F0@0 F1@0 BW0@0 BW1@0", Last),
        "device 0, position 1, F1@0: more micro-batches in flight than the chunk's 1 credits");

    [Theory]
    [InlineData("F0@1 BW0@1", "device 1, position 1, BW0@1: a backward must stand after L0@1")]
    [InlineData("F0@1 F1@1 L0@1", "device 1, position 2, L0@1: L must stand right after F0@1")]
    public void The_loss_stands_between_the_last_forward_and_its_backward(string list, string message) =>
        AssertRefused(Pipelines.Lists(TwoByTwo, [0, 1], [1, 2], "F0@0 BW0@0 F1@0 BW1@0", list), message);

    [Fact]
    public void Lists_that_wait_for_each_other_are_refused() => AssertRefused(
        Pipelines.Lists(TwoByTwo, [0, 1], [1, 2], "F0@0 BW0@0 F1@0 BW1@0", "F0@1 L0@1 F1@1 L1@1 BW0@1 BW1@1"),
        "device 0, position 1, BW0@0: waits for ever for the gradient of micro-batch 0 from chunk 1; the lists deadlock");

    [Fact]
    public void Credits_above_the_peak_are_refused() => AssertRefused(
        Pipelines.Lists(TwoByTwo, [0, 1], [2, 1], "F0@0 BW0@0 F1@0 BW1@0", Last),
        "device 0: chunk 0 has 2 credits, but its list never has more than 1 in flight");

    [Fact]
    public void A_kind_that_does_not_exist_is_refused() => AssertRefused(
        new Schedule("x", new ScheduleShape(1, 1, 1), [0], [1], [[new PipelineAction((ActionKind)9, 0, 0)]]),
        "device 0, position 0: 9 is not a kind of action");

    [Theory]
    [InlineData(new[] { 0 }, new[] { 1, 1 }, "the placement names 1 chunks; there are 2")]
    [InlineData(new[] { 0, 2 }, new[] { 1, 1 }, "chunk 1 is on device 2; devices are 0 to 1")]
    [InlineData(new[] { 0, 0 }, new[] { 1, 1 }, "device 0 holds 2 chunks; each device holds 1")]
    [InlineData(new[] { 0, 1 }, new[] { 1 }, "there are credits for 1 chunks; there are 2 chunks")]
    [InlineData(new[] { 0, 1 }, new[] { 1, 0 }, "chunk 1 has 0 credits; at least 1 is needed to run")]
    public void A_placement_or_credits_that_do_not_fit_are_refused(int[] placement, int[] credits, string message) =>
        AssertRefused(new Schedule("reactive", TwoByTwo, [.. placement], [.. credits], null), message);

    [Fact]
    public void A_list_for_each_device_is_wanted() => AssertRefused(
        Pipelines.Lists(TwoByTwo, [0, 1], [1, 1], Last), "there are 1 lists for 2 devices; one for each is right");

    [Fact]
    public void Leaving_out_any_action_is_refused() =>
        Gen.Select(Listed, Gen.Int[0, 10_000]).Sample((schedule, n) =>
        {
            var place = Place(schedule, n);
            Assert.Throws<ScheduleException>(() =>
                ScheduleValidator.Validate(WithList(schedule, place.Device, list => list.RemoveAt(place.Position))));
        });

    [Fact]
    public void Doubling_any_action_is_refused() =>
        Gen.Select(Listed, Gen.Int[0, 10_000]).Sample((schedule, n) =>
        {
            var place = Place(schedule, n);
            Assert.Throws<ScheduleException>(() => ScheduleValidator.Validate(
                WithList(schedule, place.Device, list => list.Add(list[place.Position]))));
        });

    private static readonly Gen<Schedule> Listed = Pipelines.Any.Where(s => !s.IsReactive);

    private static (int Device, int Position) Place(Schedule schedule, int n)
    {
        var device = n % schedule.Shape.Devices;
        return (device, n % schedule.Actions!.Value[device].Length);
    }

    private static Schedule WithList(
        Schedule schedule,
        int device,
        Func<ImmutableArray<PipelineAction>, ImmutableArray<PipelineAction>> change) =>
        new(schedule.Name, schedule.Shape, schedule.Placement, schedule.Credits,
            schedule.Actions!.Value.SetItem(device, change(schedule.Actions.Value[device])));

    private static void AssertRefused(Schedule schedule, string message)
    {
        var e = Assert.Throws<ScheduleException>(() => ScheduleValidator.Validate(schedule));
        Assert.StartsWith($"schedule '{schedule.Name}': {message}", e.Message, StringComparison.Ordinal);
    }
}
