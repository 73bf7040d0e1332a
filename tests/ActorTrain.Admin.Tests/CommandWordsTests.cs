using CsCheck;

namespace ActorTrain.Admin.Tests;

public sealed class CommandWordsTests
{
    [Fact]
    public void Words_that_are_joined_are_cut_into_the_same_words() =>
        Calls.Word.Array[0, 5].Sample(words => CommandWords.Split(CommandWords.Join(words)).SequenceEqual(words));

    [Theory]
    [InlineData("a  b\tc", "a", "b", "c")]
    [InlineData("a 'b \"c' d\"e f\"", "a", "b \"c", "de f")]
    [InlineData("""a\ b "\"" '' """, "a b", "\"", "")]
    public void A_line_is_cut_as_a_shell_does(string line, params string[] words) => Assert.Equal(words, CommandWords.Split(line));

    [Theory]
    [InlineData("a \"b")]
    [InlineData("a \\")]
    public void An_unfinished_line_is_refused(string line) => Assert.Throws<CommandUsageException>(() => CommandWords.Split(line));
}
