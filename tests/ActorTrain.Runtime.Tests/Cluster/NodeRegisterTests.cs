using ActorTrain.Runtime.Cluster.Jobs;
using ActorTrain.Runtime.Cluster.Protocol;

namespace ActorTrain.Runtime.Tests.Cluster;

public sealed class NodeRegisterTests
{
    private readonly NodeRegister _register = new();

    [Fact]
    public void A_device_is_given_to_one_job_at_a_time()
    {
        Join(1, "cpu:0", "cpu:1");
        Assert.Equal(2, _register.Lease("a", least: 1, most: 8).Length);
        Assert.Empty(_register.Lease("b", least: 1, most: 8));
        _register.Release("a");
        Assert.Single(_register.Lease("b", least: 1, most: 1));
    }

    [Fact]
    public void A_job_gets_nothing_while_fewer_devices_are_free_than_it_needs()
    {
        Join(1, "cpu:0", "cpu:1");
        Assert.Empty(_register.Lease("a", least: 3, most: 3));
        Join(2, "cpu:0");
        Assert.Equal(3, _register.Lease("a", least: 3, most: 3).Length);
    }

    [Fact]
    public void A_slot_that_has_not_answered_is_not_given_away()
    {
        _register.Add(Offer(1, "cpu:0"));
        Assert.Empty(_register.Lease("a", least: 1, most: 1));
    }

    [Fact]
    public void Devices_of_one_node_are_neighbours()
    {
        Join(2, "cpu:0", "cpu:1");
        Join(1, "cpu:0", "cpu:1");
        Assert.Equal(
            ["10.0.0.1:4053 cpu:0", "10.0.0.1:4053 cpu:1", "10.0.0.2:4053 cpu:0", "10.0.0.2:4053 cpu:1"],
            _register.Lease("a", 4, 4).Select(d => d.ToString()));
    }

    [Fact]
    public void Of_preferred_nodes_one_device_each_is_given_first()
    {
        Join(1, "cpu:0", "cpu:1");
        Join(2, "cpu:0", "cpu:1");
        Join(3, "cpu:0");
        Assert.Equal(
            ["10.0.0.2:4053 cpu:0", "10.0.0.3:4053 cpu:0"],
            _register.Lease("a", 2, 2, ["10.0.0.3:4053", "10.0.0.2:4053"]).Select(d => d.ToString()));
        Assert.Equal(
            ["10.0.0.1:4053 cpu:0", "10.0.0.1:4053 cpu:1", "10.0.0.2:4053 cpu:1"],
            _register.Lease("b", 1, 3, ["10.0.0.2:4053", "10.0.0.9:4053"]).Select(d => d.ToString()));
        Assert.Equal(["10.0.0.2:4053"], _register.NodesFor("b").Except(["10.0.0.1:4053"]));
    }

    [Fact]
    public void A_node_that_leaves_takes_its_devices_and_names_the_jobs_that_had_them()
    {
        Join(1, "cpu:0");
        Join(2, "cpu:0");
        _register.Lease("a", least: 2, most: 2);
        Assert.Equal("a", Assert.Single(_register.Remove(2)));
        Assert.Single(_register.Ready);
        Assert.Empty(_register.Remove(2));
    }

    [Fact]
    public void A_node_that_does_not_answer_gets_nothing_until_its_slots_answer()
    {
        Join(1, "cpu:0");
        Join(2, "cpu:0");
        var slots = _register.Suspect(2);
        Assert.Equal("10.0.0.1:4053", Assert.Single(_register.Nodes).Address);
        Assert.Empty(_register.Lease("a", least: 2, most: 2));
        _register.MarkReady(Assert.Single(slots));
        Assert.Equal(2, _register.Lease("a", least: 2, most: 2).Length);
    }

    [Fact]
    public void A_node_that_wants_to_leave_gets_no_new_job()
    {
        Join(1, "cpu:0");
        _register.Lease("a", least: 1, most: 1);
        Assert.Equal("a", Assert.Single(_register.Drain(1)));
        _register.Release("a");
        Assert.Empty(_register.Lease("a", least: 1, most: 1));
        Assert.Empty(_register.JobsOn(1));
    }

    private void Join(int node, params string[] devices)
    {
        foreach (var slot in _register.Add(Offer(node, devices)))
            _register.MarkReady(slot);
    }

    private static NodeOffer Offer(int node, params string[] devices) => new(
        node,
        $"10.0.0.{node}:4053",
        new DataAddress($"10.0.0.{node}", 4054, null, null),
        [.. devices.Select(d => new DeviceOffer(d, 1, 1, "cpu", 100))],
        []);
}
