using ActorTrain.Core.Settings;
using Akka.Configuration;

namespace ActorTrain.Core.Tests.Settings;

public sealed class SettingsReaderTests
{
    private static SettingsReader Reader(string text) => new(ConfigurationFactory.ParseString(text), "s");

    [Fact]
    public void Keys_with_dots_and_digits_are_read() =>
        Assert.Equal(("1", "2"), (Reader("\"a.b\" = 1").Text("a.b"), Reader("1f1b = 2").Text("1f1b")));

    [Fact]
    public void Fallbacks_of_a_config_are_read_too() =>
        Assert.Equal(2, new SettingsReader(ConfigurationFactory.ParseString("a = 1").WithFallback(ConfigurationFactory.ParseString("b = 2")), "s").Integer("b"));

    [Fact]
    public void An_empty_config_has_no_keys() => Assert.False(new SettingsReader(ConfigurationFactory.Empty, "s").Has("a"));

    [Fact]
    public void A_section_takes_what_it_lacks_from_its_defaults()
    {
        var section = Reader("a { x = 1 }").Section("a", ConfigurationFactory.ParseString("x = 5\ny = 6"));
        Assert.Equal((1, 6), (section.Integer("x"), section.Integer("y")));
    }

    [Fact]
    public void An_empty_list_is_a_list() => Assert.True(Reader("a = []").IsList("a"));

    [Fact]
    public void Whole_numbers_are_read_from_a_list() => Assert.Equal([1, 2], Reader("a = [1, 2]").Integers("a"));

    [Theory]
    [InlineData("a = 5", "s.a: 5 is out of range; from 1 to 4 is right")]
    [InlineData("a = 1.5", "s.a: '1.5' is not a whole number")]
    [InlineData("a = [1]", "s.a: a plain value is wanted, not a list")]
    [InlineData("b = 1", "s.a: is missing")]
    public void A_wrong_number_is_refused(string text, string message) =>
        Assert.Equal(message, Assert.Throws<SettingsException>(() => Reader(text).Integer("a", 1, 4)).Message);

    [Fact]
    public void A_number_below_its_only_bound_is_told_that_bound() =>
        Assert.Equal("s.a: -1 is out of range; 0 or more is right", Assert.Throws<SettingsException>(() => Reader("a = -1").Number("a", least: 0)).Message);

    [Fact]
    public void Keys_that_nothing_reads_are_refused_with_the_known_ones()
    {
        var reader = Reader("width = 1\nwidht = 2");
        reader.Integer("width");
        reader.Has("depth");
        Assert.Equal(
            "s.widht: no such setting; did you mean 'width'?; there are: depth, width",
            Assert.Throws<SettingsException>(reader.RejectUnknown).Message);
    }
}
