using System.Collections.Immutable;
using ActorTrain.Runtime.Cluster.Jobs;
using ActorTrain.Runtime.Cluster.Protocol;

namespace ActorTrain.Runtime.Cluster.Snapshots;

/// <summary>
/// Chooses which node keeps copies of each stage's snapshots. What matters most is that the two do not fall together:
/// another machine is best, then another node on this one; of a node that isolates its devices, the node itself is better
/// than another of its devices. Among equals it is the one with the fewest copies so far, in the order of a ring of the stages, so
/// that each keeps about as much as it has.
/// </summary>
internal static class BuddyChoice
{
    private const int OtherMachine = 0;
    private const int OtherNode = 1;
    private const int OwnNode = 2;
    private const int OtherDevice = 3;

    /// <summary>Chooses.</summary>
    /// <param name="stages">The device of each stage.</param>
    /// <param name="nodes">All nodes.</param>
    /// <returns>Null for a stage without a second node.</returns>
    public static ImmutableArray<NodeOffer?> Of(ImmutableArray<ClusterDevice> stages, IReadOnlyList<NodeOffer> nodes)
    {
        var kept = nodes.ToDictionary(n => n, _ => 0);
        var chosen = ImmutableArray.CreateBuilder<NodeOffer?>(stages.Length);
        for (var i = 0; i < stages.Length; i++)
        {
            var (own, stage) = (stages[i], i);
            var ring = Enumerable.Range(1, stages.Length).Select(next => stages[(stage + next) % stages.Length].Slot.Address).Distinct().ToList();
            var group = nodes.FirstOrDefault(n => n.Address == own.Slot.Address)?.Group ?? own.Slot.Address;
            var buddy = nodes
                .Where(n => n.Address != own.Slot.Address)
                .OrderBy(n => Distance(own, group, n))
                .ThenBy(n => kept[n])
                .ThenBy(n => ring.IndexOf(n.Address) is >= 0 and var place ? place : ring.Count)
                .FirstOrDefault();
            if (buddy is not null)
                kept[buddy]++;
            chosen.Add(buddy);
        }

        return chosen.MoveToImmutable();
    }

    private static int Distance(ClusterDevice own, string group, NodeOffer other)
    {
        if (other.DataPlane.HostId != own.DataPlane.HostId)
            return OtherMachine;
        if (other.Group != group)
            return OtherNode;
        return other.Devices.Count == 0 ? OwnNode : OtherDevice;
    }
}
