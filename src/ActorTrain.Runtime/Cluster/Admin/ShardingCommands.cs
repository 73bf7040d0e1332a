using System.Collections.Immutable;
using ActorTrain.Admin;
using ActorTrain.Runtime.Cluster.Nodes;
using ActorTrain.Runtime.Cluster.Slots;
using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Sharding;

namespace ActorTrain.Runtime.Cluster.Admin;

/// <summary>The commands about shard regions. There is one kind, whose shards are device slots; each node answers for its own.</summary>
/// <param name="system">This node's actor system.</param>
/// <param name="slots">This node's region.</param>
internal sealed class ShardingCommands(ActorSystem system, IActorRef slots)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary><c>cluster-sharding list-regions</c>.</summary>
    public async Task<CommandAnswer> RegionsAsync(CommandDeclaration command) => new(command,
        [.. (await AskAllAsync().ConfigureAwait(false)).Select(region => CommandAnswer.Row(command, SlotRegion.TypeName, region.Node))]);

    /// <summary><c>cluster-sharding region-stats</c>.</summary>
    public async Task<CommandAnswer> StatsAsync(CommandDeclaration command)
    {
        var shards =
            from region in await AskAllAsync().ConfigureAwait(false)
            from shard in region.Stats.Stats
            orderby region.Node, shard.Key
            select CommandAnswer.Row(command, SlotRegion.TypeName, region.Node, shard.Key, shard.Value);
        return new CommandAnswer(command, [.. shards]);
    }

    // The coordinator would have to ask them too, and drops questions while a shard is about to be hosted.
    private async Task<ImmutableArray<(string Node, ShardRegionStats Stats)>> AskAllAsync()
    {
        var members = Akka.Cluster.Cluster.Get(system).State.Members.Where(m => m.Status == MemberStatus.Up);
        var answers = await Task.WhenAll(members.Select(m => AskAsync(m.Address))).ConfigureAwait(false);
        var there = answers.Where(a => a.Stats is not null).Select(a => (a.Node, a.Stats!)).OrderBy(a => a.Node, StringComparer.Ordinal).ToImmutableArray();
        return there.IsEmpty ? throw new CommandRefusedException("no shard region answers") : there;
    }

    private async Task<(string Node, ShardRegionStats? Stats)> AskAsync(Address node)
    {
        try
        {
            var region = system.ActorSelection($"{node}{slots.Path.ToStringWithoutAddress()}");
            return (node.HostAndPort(), await region.Ask<ShardRegionStats>(GetShardRegionStats.Instance, Patience).ConfigureAwait(false));
        }
        catch (AskTimeoutException)
        {
            return (node.HostAndPort(), null);
        }
    }
}
