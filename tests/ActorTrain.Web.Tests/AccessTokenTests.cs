using ActorTrain.Web.Security;
using CsCheck;

namespace ActorTrain.Web.Tests;

public sealed class AccessTokenTests
{
    [Fact]
    public void Only_the_token_itself_is_admitted() =>
        Gen.Select(Gen.Char.AlphaNumeric.Array[16, 40].Select(c => new string(c)), Gen.Char.AlphaNumeric.Array[0, 41].Select(c => new string(c))).Sample((token, other) =>
        {
            var access = new AccessToken(token);
            Assert.True(access.Admits($"Bearer {token}"));
            Assert.True(access.Admits($"bearer {token}"));
            Assert.Equal(token == other, access.Admits($"Bearer {other}"));
            Assert.False(access.Admits(token));
            Assert.False(access.Admits(""));
        });

    [Fact]
    public void Without_a_token_all_are_admitted() => Assert.True(new AccessToken(null).Admits(""));
}
