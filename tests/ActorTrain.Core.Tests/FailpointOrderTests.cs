using ActorTrain.Core.Failpoints;
using ActorTrain.Core.Settings;

namespace ActorTrain.Core.Tests;

public sealed class FailpointOrderTests
{
    [Fact]
    public void An_order_names_a_place_a_count_and_perhaps_a_role()
    {
        Assert.Equal(new FailpointOrder(Failpoint.AfterLocalCopy, null, 3), FailpointOrder.Parse("after-local-copy:3"));
        Assert.Equal(new FailpointOrder(Failpoint.BeforeGo, FailpointRole.Worker, 1), FailpointOrder.Parse("worker/before-go:1"));
        Assert.Null(FailpointOrder.Parse(""));
    }

    [Fact]
    public void Every_order_is_read_as_it_is_written()
    {
        foreach (var place in Enum.GetValues<Failpoint>())
            foreach (var role in Enum.GetValues<FailpointRole>().Select(r => (FailpointRole?)r).Append(null))
                Assert.Equal(new FailpointOrder(place, role, 7), FailpointOrder.Parse(new FailpointOrder(place, role, 7).ToString()));
    }

    [Theory]
    [InlineData("after-install", "a place and a count are right")]
    [InlineData("after-lunch:1", "there is no place 'after-lunch'; there are after-local-copy, ")]
    [InlineData("cook/after-install:1", "there is no role 'cook'; there are bystander, worker, buddy, supervisor")]
    [InlineData("after-install:0", "'0' is no count")]
    [InlineData("after-install:-1", "'-1' is no count")]
    [InlineData("3:1", "there is no place '3'")]
    public void What_is_no_order_is_refused_with_what_is_right(string text, string reason)
    {
        var refused = Assert.Throws<SettingsException>(() => FailpointOrder.Parse(text));
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
        Assert.StartsWith("ACTORTRAIN_FAILPOINT", refused.Message, StringComparison.Ordinal);
    }
}
