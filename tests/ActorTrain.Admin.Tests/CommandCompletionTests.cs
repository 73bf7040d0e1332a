using CsCheck;

namespace ActorTrain.Admin.Tests;

public sealed class CommandCompletionTests
{
    [Fact]
    public void Every_word_of_a_right_line_is_among_the_completions_of_its_beginning() => Gen.Select(Calls.Right, Gen.Int[0, 99], Gen.Int[0, 99]).Sample(
        (call, place, cut) =>
        {
            var words = Calls.WordsOf(call);
            var at = place % words.Count;
            IEnumerable<string> Values(ArgumentKind kind) => call.Values
                .Where(v => call.Command.AllArguments.Single(a => a.Name == v.Key).Kind == kind)
                .Select(v => v.Value);
            var completions = CommandCompletion.Of([.. words.Take(at)], words[at][..(cut % (words[at].Length + 1))], Values);
            Assert.Contains(words[at], completions);
        });

    [Fact]
    public void Nothing_follows_a_command_that_there_is_not() => Assert.Empty(CommandCompletion.Of(["train", "nothing"], "", _ => ["job-1"]));

    [Fact]
    public void Values_come_where_their_arguments_have_their_places()
    {
        Assert.Contains("job-1", CommandCompletion.Of(["train", "status"], "", JobsAndNodes));
        Assert.Equal(["10.0.0.1:4053"], CommandCompletion.Of(["stage", "move", "1", "--to"], "", JobsAndNodes).AsEnumerable());
        Assert.Equal(["--job", "--json", "--to"], CommandCompletion.Of(["stage", "move", "1"], "", JobsAndNodes).AsEnumerable());
    }

    [Fact]
    public void A_switch_that_was_given_is_not_offered_again() =>
        Assert.DoesNotContain("--json", CommandCompletion.Of(["train", "list", "--json"], "--", JobsAndNodes));

    private static IEnumerable<string> JobsAndNodes(ArgumentKind kind) => kind switch
    {
        ArgumentKind.Job => ["job-1"],
        ArgumentKind.Node => ["10.0.0.1:4053"],
        _ => [],
    };
}
