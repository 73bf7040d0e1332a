using ActorTrain.Core.Devices;
using ActorTrain.Runtime.Cluster.Jobs;
using ActorTrain.Runtime.Cluster.Protocol;
using ActorTrain.Runtime.Cluster.Slots;
using ActorTrain.Runtime.Cluster.Snapshots;

namespace ActorTrain.Runtime.Tests.Cluster;

public sealed class BuddyChoiceTests
{
    [Fact]
    public void The_next_stages_node_keeps_the_copies() =>
        Assert.Equal(["b", "c", "a"], Choose(["a", "b", "c"], Node("a"), Node("b"), Node("c")));

    [Fact]
    public void Stages_of_one_node_have_any_other_node_keep_theirs() =>
        Assert.Equal(["b", "b"], Choose(["a", "a"], Node("a"), Node("b")));

    [Fact]
    public void Another_machine_is_better_than_another_node_on_this_one() =>
        Assert.Equal(["c", "c", "a"], Choose(["a", "b", "c"], Node("a"), Node("b"), Node("c", machine: "other")));

    [Fact]
    public void Copies_are_spread_over_the_nodes_of_another_machine() =>
        Assert.Equal(
            ["c", "d", "a", "b"],
            Choose(["a", "b", "c", "d"], Node("a"), Node("b"), Node("c", machine: "other"), Node("d", machine: "other")));

    [Fact]
    public void Another_node_is_better_than_another_device_of_the_same_one() =>
        Assert.Equal(
            ["b1", "b2", "a1", "a2"],
            Choose(["a1", "a2", "b1", "b2"], Parent("a"), Node("a1", "a"), Node("a2", "a"), Parent("b"), Node("b1", "b"), Node("b2", "b")));

    [Fact]
    public void Devices_that_are_alone_with_their_node_have_that_keep_their_copies() =>
        Assert.Equal(["a", "a"], Choose(["a1", "a2"], Node("a1", "a"), Node("a2", "a"), Parent("a")));

    [Fact]
    public void Without_a_second_node_nobody_keeps_copies() => Assert.Equal([null], Choose(["a"], Node("a")));

    private static IEnumerable<string?> Choose(string[] stages, params NodeOffer[] nodes) =>
        BuddyChoice.Of([.. stages.Select(address => Device(nodes.First(n => n.Address == address)))], nodes).Select(buddy => buddy?.Address);

    private static ClusterDevice Device(NodeOffer node) =>
        new(new SlotId(node.Uid, node.Address, "cpu:0"), new DeviceSpec(DeviceKind.Cpu, 0, 0), node.DataPlane, node.Devices[0]);

    private static NodeOffer Node(string address, string? parent = null, string machine = "one") =>
        new(1, address, new DataAddress("host", 1, null, machine), [new DeviceOffer("cpu:0", 1, 1, "cpu", 100)], [], parent);

    private static NodeOffer Parent(string address) => Node(address) with { Devices = [] };
}
