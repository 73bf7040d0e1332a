using ActorTrain.Core.Schedules;
using CsCheck;

namespace ActorTrain.Core.Tests.Schedules;

public sealed class CsvScheduleTests
{
    private const string Last = "F0,L0,BW0,F1,L1,BW1";

    [Fact]
    public void What_is_written_is_read_again() =>
        Pipelines.Any.Where(s => !s.IsReactive).Sample(schedule =>
        {
            var read = CsvSchedule.Read(CsvSchedule.Write(schedule), schedule.Name);
            Assert.Equal((schedule.Name, schedule.Shape), (read.Name, read.Shape));
            Assert.Equal<IEnumerable<int>>(schedule.Placement, read.Placement);
            Assert.Equal<IEnumerable<int>>(schedule.Credits, read.Credits);
            Assert.Equal(schedule.Actions!.Value.Select(l => l.AsEnumerable()), read.Actions!.Value.Select(l => l.AsEnumerable()));
        });

    [Fact]
    public void Columns_can_stand_for_time_and_chunks_for_rows()
    {
        var schedule = CsvSchedule.Read(
            """
            # 1F1B for two devices
            F0, F1,    ,    , BW0, , BW1
              , F0, L0, BW0, F1, L1, BW1
            """, "mine");

        Assert.Equal("F0@0 F1@0 BW0@0 BW1@0", string.Join(' ', schedule.Actions!.Value[0]));
        Assert.Equal("F0@1 L0@1 BW0@1 F1@1 L1@1 BW1@1", string.Join(' ', schedule.Actions.Value[1]));
        Assert.Equal([2, 1], schedule.Credits.ToArray());
    }

    [Fact]
    public void A_table_looks_like_its_schedule() => Assert.Equal(
        """
        # zb-v: devices 1, chunks on each 2, micro-batches 1
        F0@0,F0@1,L0@1,B0@1,W0@1,B0@0,W0@0

        """.ReplaceLineEndings("\n"), CsvSchedule.Write(Pipelines.Create("zb-v", 1, 1)));

    [Theory]
    [InlineData("F0,F1,BX0,BW1", "row 1, column 3, 'BX0' is not an action; such as F0, L0, BW0, B0 or W0 is right, or F0@1 in chunk 1")]
    [InlineData("F0,F1,BW,BW1", "row 1, column 3, 'BW' is not an action")]
    [InlineData("F0,F1,BW0@x,BW1", "row 1, column 3, 'BW0@x' is not an action")]
    [InlineData("F0,F1,f2,BW1", "row 1, column 3, 'f2' is not an action")]
    [InlineData("F0,F-1,BW1", "row 1, column 2, 'F-1' is not an action")]
    [InlineData("F0,F2147483647,BW1", "row 1, column 2, 'F2147483647' is not an action")]
    [InlineData("F0,F1,BW0,BW1,,F0", "row 1, column 6, F0@0: a second F of micro-batch 0; each must stand there once")]
    [InlineData("F0,F1,BW0", "row 1, after column 3: BW1@0 is missing; every action must stand in the row once")]
    [InlineData("F0,F1,BW1,BW0", "row 1, column 3, BW1@0: each chunk runs B or BW in micro-batch order; 0 is next")]
    [InlineData("F0,B0,W0,F1,W1,B1", "row 1, column 5, W1@0: W must stand after B1@0")]
    [InlineData("BW0,F0,F1,BW1", "row 1, column 1, BW0@0: a backward must stand after F0@0")]
    [InlineData("F0,L0,F1,BW0,BW1", "row 1, column 2, L0@0: only the last chunk, 1, has a loss")]
    [InlineData("F0,F7,BW0,BW7", "row 1, column 2, F7@0: each chunk runs F in micro-batch order; 1 is next")]
    [InlineData(",,", "row 1 has no action; each row is a device with at least one chunk")]
    public void The_first_wrong_cell_is_named(string row, string message) => AssertRefused($"{row}\n{Last}", message);

    [Fact]
    public void A_cell_that_waits_for_ever_is_named() => AssertRefused(
        "#\n\nF0,BW0,F1,BW1\nF0,L0,,F1,L1,BW0,BW1",
        "row 3, column 2, BW0@0: waits for ever for the gradient of micro-batch 0 from chunk 1; the lists deadlock");

    [Theory]
    [InlineData("", "the table has no row; a row for each device is right")]
    [InlineData("F0@0,BW0@0\nF0@2,L0@2,BW0@2", "chunk 1 stands nowhere, but chunk 2 does")]
    [InlineData("F0@0,BW0@0\nF0@1,BW0@1,F0@0", "row 2, column 3, F0@0: chunk 0 is in row 1 already; each chunk belongs to one device")]
    [InlineData("F0@0,F0@1,BW0@1,BW0@0\nF0@2,L0@2,BW0@2", "row 1 has 2 of 3 chunks; each of the 2 rows must have equally many")]
    public void Chunks_that_do_not_fit_are_named(string text, string message) => AssertRefused(text, message);

    [Fact]
    public void A_schedule_without_lists_cannot_be_written() =>
        Assert.Throws<ScheduleException>(() => CsvSchedule.Write(Pipelines.Create("reactive", 2, 3)));

    [Fact]
    public void A_table_is_for_its_own_shape_only()
    {
        var factory = new CsvScheduleFactory(CsvSchedule.Read($"F0,F1,BW0,BW1\n{Last}", "mine"));

        Assert.Equal("mine", factory.Create(new ScheduleShape(2, 1, 2)).Name);
        var e = Assert.Throws<ScheduleException>(() => factory.Create(new ScheduleShape(2, 1, 3)));
        Assert.Equal(
            "schedule 'mine' is a table for 2 devices with 1 chunks each and 2 micro-batches, not for 2 devices with 1 chunks each and 3 micro-batches",
            e.Message);
    }

    private static void AssertRefused(string text, string message)
    {
        var e = Assert.Throws<ScheduleException>(() => CsvSchedule.Read(text, "mine"));
        Assert.StartsWith($"schedule 'mine': {message}", e.Message, StringComparison.Ordinal);
    }
}
