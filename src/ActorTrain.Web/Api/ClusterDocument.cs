using System.Collections.Immutable;

namespace ActorTrain.Web.Api;

/// <summary>A cluster.</summary>
/// <param name="Node">The node that tells.</param>
/// <param name="Members">The members.</param>
internal sealed record ClusterDocument(string Node, ImmutableArray<MemberDocument> Members);

/// <summary>A member of a cluster.</summary>
/// <param name="Address">Where it is, as <c>HOST:PORT</c>.</param>
/// <param name="Status">Such as <c>Up</c>.</param>
/// <param name="Roles">Its roles.</param>
/// <param name="Reachable">Whether it answers.</param>
/// <param name="Supervisor">Whether it carries the job supervisor.</param>
/// <param name="Devices">The devices that jobs can use.</param>
internal sealed record MemberDocument(
    string Address, string Status, ImmutableArray<string> Roles, bool Reachable, bool Supervisor, ImmutableArray<string> Devices);
