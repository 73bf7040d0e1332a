using ActorTrain.Core.Settings;
using Akka.Configuration;

namespace ActorTrain.Core.Tests.Settings;

public sealed class SettingsReaderListTests
{
    [Theory]
    [InlineData("[]")]
    [InlineData("[ ]")]
    public void An_empty_list_is_a_list_even_over_a_default(string list)
    {
        var config = ConfigurationFactory.ParseString($"a = {list}").WithFallback(ConfigurationFactory.ParseString("a = [1, 2]"));
        var reader = new SettingsReader(config, "job");
        Assert.True(reader.IsList("a"));
        Assert.Empty(reader.Integers("a"));
    }

    [Fact]
    public void Whole_numbers_keep_their_order() => Assert.Equal([3, -1, 2], Reader("[3, -1, 2]").Integers("a"));

    [Theory]
    [InlineData("[1, 9]", "9 is out of range; from 0 to 8 is right")]
    [InlineData("[1, 1.5]", "'1.5' is not a whole number")]
    [InlineData("1", "a list is wanted")]
    [InlineData("[[1], 2]", "a list of plain values is wanted")]
    public void Other_values_are_refused(string value, string problem) => Assert.Contains(
        problem,
        Assert.Throws<SettingsException>(() => Reader(value).Integers("a", 0, 8)).Message,
        StringComparison.Ordinal);

    private static SettingsReader Reader(string value) => new(ConfigurationFactory.ParseString($"a = {value}"), "job");
}
