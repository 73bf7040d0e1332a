using CsCheck;

namespace ActorTrain.Admin.Tests;

public sealed class CommandParserTests
{
    [Fact]
    public void A_call_is_read_back_as_it_was_written() => Calls.Right.Sample(call =>
    {
        var again = CommandParser.Parse(CommandWords.Split(CommandWords.Join(Calls.WordsOf(call))));
        return again.Command == call.Command && again.Values.SequenceEqual(call.Values);
    });

    [Fact]
    public void A_call_without_a_required_argument_is_refused() => Calls.Right
        .Where(call => call.Command.Arguments.Any(a => a.IsRequired))
        .Sample(call =>
        {
            var required = call.Command.Arguments.First(a => a.IsRequired).Name;
            var problem = Assert.Throws<CommandUsageException>(() => CommandParser.Check(call.Command, call.Values.Where(v => v.Key != required)));
            Assert.Contains($"needs --{required}", problem.Message, StringComparison.Ordinal);
        });

    [Fact]
    public void Whatever_is_typed_gives_a_call_or_a_usage_error() => Gen
        .Select(Calls.Right, Gen.Int[0, 9], Calls.Word.Array[0, 3])
        .Sample((call, kept, more) =>
        {
            try
            {
                CommandParser.Parse([.. Calls.WordsOf(call).Take(kept), .. more]);
            }
            catch (CommandUsageException)
            {
            }
        });

    [Fact]
    public void Arguments_may_stand_in_their_places_instead_of_after_their_switches()
    {
        var call = CommandParser.Parse(["stage", "move", "1", "--to", "10.0.0.2:4053"]);
        Assert.Equal((1, "10.0.0.2:4053"), (call.Number("stage"), call["to"]));
        Assert.Equal(call.Values.AsEnumerable(), CommandParser.Parse(["stage", "move", "-s", "1", "--to=10.0.0.2:4053"]).Values);
    }

    [Fact]
    public void A_place_that_a_switch_has_filled_is_not_filled_twice() =>
        Assert.Contains("takes no '2' there", Problem("stage", "show", "--stage", "1", "2"), StringComparison.Ordinal);

    [Fact]
    public void A_repeated_argument_keeps_all_its_values_with_their_equals_signs() => Assert.Equal(
        ["steps=6", "pipeline.schedule=gpipe"],
        CommandParser.Parse(["train", "submit", "job.conf", "--set", "steps=6", "--set=pipeline.schedule=gpipe"]).All("set").AsEnumerable());

    [Theory]
    [InlineData("did you mean 'train status'", "train", "statsu")]
    [InlineData("did you mean 'train'", "trian")]
    [InlineData("did you mean 'cluster show'", "clutser", "shwo")]
    [InlineData("show, leave, down", "cluster")]
    [InlineData("did you mean '--json'", "train", "list", "--jsn")]
    [InlineData("HOST:PORT is right, such as 10.0.0.1:4053", "cluster", "leave", "-a", "nowhere")]
    [InlineData("a whole number from 0", "stage", "show", "first")]
    [InlineData("takes --address once", "cluster", "down", "-a", "h:1", "-a", "h:2")]
    [InlineData("needs HOST:PORT after it", "stage", "move", "1", "--to")]
    [InlineData("has no switch --yes", "train", "list", "--yes")]
    public void A_wrong_line_is_refused_with_what_would_be_right(string hint, params string[] words) =>
        Assert.Contains(hint, Problem(words), StringComparison.Ordinal);

    private static string Problem(params string[] words) =>
        Assert.Throws<CommandUsageException>(() => CommandParser.Parse(words)).Message;
}
