using System.Collections.Immutable;
using ActorTrain.Runtime.Cluster.Nodes;
using Akka.Actor;
using Akka.Cluster.Sharding;

namespace ActorTrain.Runtime.Cluster.Slots;

/// <summary>
/// Puts a shard on the node that its id names, and moves nothing: the plan decides where a stage runs, and a change of
/// plan installs new entities.
/// </summary>
/// <param name="self">This node's address, which its own region's reference lacks.</param>
internal sealed class SlotAllocation(Address self) : IShardAllocationStrategy
{
    /// <inheritdoc/>
    public Task<IActorRef> AllocateShard(
        IActorRef requester, string shardId, IImmutableDictionary<IActorRef, IImmutableList<string>> currentShardAllocations)
    {
        var region = SlotId.TryParse(shardId, out var slot)
            ? currentShardAllocations.Keys.FirstOrDefault(r => AddressOf(r).HostAndPort() == slot.Address)
            : null;
        return region is not null
            ? Task.FromResult(region)
            : Task.FromException<IActorRef>(new InvalidOperationException($"slot {shardId} is of no node that takes part in sharding"));
    }

    /// <inheritdoc/>
    public Task<IImmutableSet<string>> Rebalance(
        IImmutableDictionary<IActorRef, IImmutableList<string>> currentShardAllocations, IImmutableSet<string> rebalanceInProgress) =>
        Task.FromResult<IImmutableSet<string>>(ImmutableHashSet<string>.Empty);

    private Address AddressOf(IActorRef region) => region.Path.Address.HasLocalScope ? self : region.Path.Address;
}
