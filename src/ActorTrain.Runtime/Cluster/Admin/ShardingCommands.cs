using ActorTrain.Admin;
using ActorTrain.Runtime.Cluster.Nodes;
using ActorTrain.Runtime.Cluster.Slots;
using Akka.Actor;
using Akka.Cluster.Sharding;

namespace ActorTrain.Runtime.Cluster.Admin;

/// <summary>The commands about shard regions. There is one, whose shards are device slots.</summary>
/// <param name="slots">It.</param>
internal sealed class ShardingCommands(IActorRef slots)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary><c>cluster-sharding list-regions</c>.</summary>
    public async Task<CommandAnswer> RegionsAsync(CommandDeclaration command)
    {
        var regions = await AskAsync<CurrentRegions>(GetCurrentRegions.Instance).ConfigureAwait(false);
        return new CommandAnswer(command,
            [.. regions.Regions.Select(a => a.HostAndPort()).Order(StringComparer.Ordinal).Select(a => CommandAnswer.Row(command, SlotRegion.TypeName, a))]);
    }

    /// <summary><c>cluster-sharding region-stats</c>.</summary>
    public async Task<CommandAnswer> StatsAsync(CommandDeclaration command)
    {
        var stats = await AskAsync<ClusterShardingStats>(new GetClusterShardingStats(Patience)).ConfigureAwait(false);
        var shards =
            from region in stats.Regions
            from shard in region.Value.Stats
            orderby region.Key.HostAndPort(), shard.Key
            select CommandAnswer.Row(command, SlotRegion.TypeName, region.Key.HostAndPort(), shard.Key, shard.Value);
        return new CommandAnswer(command, [.. shards]);
    }

    private async Task<T> AskAsync<T>(object question)
    {
        try
        {
            return await slots.Ask<T>(question, Patience + Patience).ConfigureAwait(false);
        }
        catch (AskTimeoutException)
        {
            throw new CommandRefusedException("the shard region does not answer; it has no coordinator until a node with the role worker is up");
        }
    }
}
