using ActorTrain.Core.Settings;

namespace ActorTrain.Core.Tests.Settings;

public sealed class DiscoverySettingsTests
{
    [Fact]
    public void Nodes_are_found_by_seeds_unless_told_otherwise() => Assert.Null(TestNode.Load(TestNode.Text).Discovery);

    [Fact]
    public void Variables_choose_kubernetes()
    {
        var discovery = TestNode.LoadWith("ACTORTRAIN_NODE_DISCOVERY_METHOD=kubernetes", "ACTORTRAIN_NODE_DISCOVERY_SERVICE=kjv", "ACTORTRAIN_NODE_DISCOVERY_LEAST=3").Discovery!;
        Assert.Equal((DiscoveryMethod.Kubernetes, "kjv", 3), (discovery.Method, discovery.Service, discovery.Least));
    }

    [Theory]
    [InlineData("method = dns", "node.conf:2: actortrain.node.discovery.method: 'dns'")]
    [InlineData("method = config, contacts = [\"a:1\"]", "node.conf:2: actortrain.node.discovery.contacts: has 1 places, and actortrain.node.discovery.least asks for 2")]
    [InlineData("method = config, contacts = [\"a:1\", \"b\"]", "node.conf:2: actortrain.node.discovery.contacts: 'b' is not HOST:PORT")]
    [InlineData("method = kubernetes, least = 0", "node.conf:2: actortrain.node.discovery.least")]
    public void A_wrong_setting_is_refused_with_its_place(string settings, string message) =>
        Assert.StartsWith(message, TestNode.Refusal($"actortrain.node.discovery {{\n {settings}\n}}", []));

    [Fact]
    public void Seeds_and_discovery_exclude_each_other() =>
        Assert.Contains("stands beside seeds", TestNode.Refusal("actortrain.node.discovery.method = kubernetes", [], "seeds=[\"a:1\"]"), StringComparison.Ordinal);
}
