using System.Collections.Immutable;
using ActorTrain.Core.Generations;
using ActorTrain.Runtime.Cluster.Slots;
using Akka.Actor;
using Akka.TestKit.Xunit2;

namespace ActorTrain.Runtime.Tests.Cluster;

public sealed class SlotTests : TestKit
{
    private static readonly SlotId Slot = new(-17, "10.0.0.2:4053", "cpu:0-3");
    private static readonly Address Self = new("akka.tcp", "actortrain", "10.0.0.1", 4053);

    [Fact]
    public void A_stages_id_begins_with_its_slots()
    {
        var stage = Slot.Stage("job-1", new Generation(3, 5), replica: 0, stage: 2);
        Assert.Equal(Slot.ToString(), SlotId.ShardOf(stage));
        Assert.True(SlotId.TryParse(stage, out var again));
        Assert.Equal(Slot, again);
    }

    [Theory]
    [InlineData("")]
    [InlineData("no slot")]
    [InlineData("x@10.0.0.2:4053|cpu:0")]
    [InlineData("1|10.0.0.2:4053@cpu:0")]
    public void What_is_no_slot_is_not_read_as_one(string text) => Assert.False(SlotId.TryParse(text, out _));

    [Fact]
    public async Task A_shard_goes_to_the_node_that_its_id_names()
    {
        var here = TestActor;
        var allocation = new SlotAllocation(Self);
        var regions = ImmutableDictionary<IActorRef, IImmutableList<string>>.Empty.Add(here, []).Add(Remote(here, "10.0.0.2"), []);
        Assert.Equal("10.0.0.2", (await allocation.AllocateShard(here, Slot.ToString(), regions)).Path.Address.Host);
        Assert.Equal(here, await allocation.AllocateShard(here, (Slot with { Address = "10.0.0.1:4053" }).ToString(), regions));
    }

    [Fact]
    public async Task A_shard_of_a_node_that_is_gone_is_not_placed_elsewhere() =>
        await Assert.ThrowsAsync<InvalidOperationException>(() => new SlotAllocation(Self).AllocateShard(
            TestActor, Slot.ToString(), ImmutableDictionary<IActorRef, IImmutableList<string>>.Empty.Add(TestActor, [])));

    [Fact]
    public async Task Nothing_is_rebalanced() =>
        Assert.Empty(await new SlotAllocation(Self).Rebalance(
            ImmutableDictionary<IActorRef, IImmutableList<string>>.Empty.Add(TestActor, [Slot.ToString(), "a", "b"]), ImmutableHashSet<string>.Empty));

    // A reference with a node's address in its path, as a region on another node has.
    private static RemotePathRef Remote(IActorRef actor, string host) =>
        new(new RootActorPath(new Address("akka.tcp", "actortrain", host, 4053)) / "region", actor);

    private sealed class RemotePathRef(ActorPath path, IActorRef inner) : MinimalActorRef
    {
        public override ActorPath Path => path;

        public override IActorRefProvider Provider => ((IInternalActorRef)inner).Provider;
    }
}
