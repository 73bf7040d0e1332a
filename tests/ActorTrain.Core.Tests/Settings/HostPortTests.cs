using ActorTrain.Core.Settings;
using CsCheck;

namespace ActorTrain.Core.Tests.Settings;

public sealed class HostPortTests
{
    [Theory]
    [InlineData("seed:4053", "seed", 4053)]
    [InlineData("actor_train-1.example.org:1", "actor_train-1.example.org", 1)]
    [InlineData("10.0.0.1:65535", "10.0.0.1", 65535)]
    [InlineData("[::1]:4053", "::1", 4053)]
    public void A_place_is_read_and_written_the_same(string text, string host, int port)
    {
        Assert.True(HostPort.TryParse(text, out var place));
        Assert.Equal((new HostPort(host, port), text), (place, place.ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("seed")]
    [InlineData(":4053")]
    [InlineData("seed:")]
    [InlineData("seed:0")]
    [InlineData("seed:65536")]
    [InlineData("seed:+1")]
    [InlineData("seed: 1")]
    [InlineData("::1:4053")]
    [InlineData("[seed]:4053")]
    [InlineData("[[::1]]:4053")]
    [InlineData("[]:4053")]
    [InlineData("http://seed:4053")]
    public void What_is_no_place_is_not_taken(string text) => Assert.False(HostPort.TryParse(text, out _));

    [Fact]
    public void Whatever_is_taken_is_written_as_it_can_be_read_again() =>
        Gen.String[Gen.Char["[]:a.-_01 9"], 0, 12].Sample(text =>
        {
            if (HostPort.TryParse(text, out var place))
                Assert.True(HostPort.TryParse(place.ToString(), out var again) && again == place);
        });
}
