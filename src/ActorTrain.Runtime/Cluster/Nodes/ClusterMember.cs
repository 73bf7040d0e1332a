using System.Collections.Immutable;
using Akka.Cluster;

namespace ActorTrain.Runtime.Cluster.Nodes;

/// <summary>A member of a cluster, as one of its nodes sees it.</summary>
/// <param name="Address">Where it is, as <c>HOST:PORT</c>.</param>
/// <param name="Status">Its status, such as <c>Up</c> or <c>Leaving</c>.</param>
/// <param name="Roles">Its roles.</param>
/// <param name="IsReachable">Whether it answers.</param>
/// <param name="CarriesSupervisor">Whether it carries the job supervisor: the oldest that may.</param>
public sealed record ClusterMember(string Address, string Status, ImmutableArray<string> Roles, bool IsReachable, bool CarriesSupervisor)
{
    /// <summary>A member as others see it.</summary>
    internal static ClusterMember Of(Member member, ClusterEvent.CurrentClusterState state) => new(
        member.Address.HostAndPort(),
        member.Status.ToString(),
        [.. member.Roles.Where(role => role is NodeRoles.Worker or NodeRoles.Supervisor).Order(StringComparer.Ordinal)],
        !state.Unreachable.Contains(member),
        member.Equals(Supervisor(state)));

    private static Member? Supervisor(ClusterEvent.CurrentClusterState state) => state.Members
        .Where(member => member.HasRole(NodeRoles.Supervisor) && member.Status is MemberStatus.Up or MemberStatus.Leaving)
        .Aggregate((Member?)null, (oldest, member) => oldest is null || member.IsOlderThan(oldest) ? member : oldest);
}
