using CsCheck;

namespace ActorTrain.Admin.Tests;

public sealed class LineTests
{
    private static readonly Func<LineBuffer, LineBuffer>[] Edits =
    [
        l => l.Insert("ab c"), l => l.Move(-1), l => l.Move(2), l => l.ToStart(), l => l.ToEnd(), l => l.Backspace(), l => l.Delete(), l => l.KillToEnd(),
        l => l.KillToStart(), l => l.KillWord(),
    ];

    [Fact]
    public void Whatever_is_pressed_the_cursor_stays_within_the_line() => Gen.Int[0, Edits.Length - 1].Array[0, 40].Sample(keys =>
    {
        var line = keys.Aggregate(LineBuffer.Empty, (l, key) => Edits[key](l));
        return line.Cursor >= 0 && line.Cursor <= line.Text.Length;
    });

    [Fact]
    public void What_is_inserted_is_taken_back_by_as_many_backspaces() => Gen.Select(Calls.Word, Calls.Word, Gen.Int[0, 8]).Sample((text, more, back) =>
    {
        var line = LineBuffer.Of(text).Move(-back);
        return more.Aggregate(line.Insert(more), (l, _) => l.Backspace()) == line;
    });

    [Theory]
    [InlineData("train status ", 13, "train ")]
    [InlineData("train", 5, "")]
    [InlineData("a bc d", 4, "a  d")]
    public void A_word_is_removed_with_the_spaces_after_it(string text, int cursor, string left) =>
        Assert.Equal(left, new LineBuffer(text, cursor).KillWord().Text);

    [Fact]
    public void A_completed_word_takes_the_place_of_its_beginning() =>
        Assert.Equal(new LineBuffer("train status  --json", 13), new LineBuffer("train sta --json", 9).Complete("sta", "status "));

    [Fact]
    public void Going_back_and_forth_in_the_history_ends_with_what_was_being_typed()
    {
        var history = LineHistory.Of(["one", "two"]);
        (history, var line) = history.Older("draft");
        Assert.Equal("two", line);
        (history, line) = history.Older(line);
        (history, line) = history.Older(line);
        Assert.Equal("one", line);
        (history, _) = history.Newer(line);
        Assert.Equal("draft", history.Newer("two").Line);
    }

    [Fact]
    public void A_repeated_line_is_kept_once() =>
        Assert.Equal(["one", "two"], LineHistory.Of(["one"]).Add("two").Add("two").Add("").Lines);
}
