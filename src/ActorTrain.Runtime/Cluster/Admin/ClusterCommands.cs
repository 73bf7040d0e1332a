using System.Collections.Immutable;
using ActorTrain.Admin;
using ActorTrain.Runtime.Cluster.Nodes;
using Akka.Actor;
using Akka.Cluster;

namespace ActorTrain.Runtime.Cluster.Admin;

/// <summary>The commands about members, as this node sees them.</summary>
/// <param name="cluster">The cluster.</param>
/// <param name="node">This node.</param>
internal sealed class ClusterCommands(Akka.Cluster.Cluster cluster, NodeServices node)
{
    /// <summary><c>cluster show</c>.</summary>
    public CommandAnswer Show(CommandDeclaration command)
    {
        var state = cluster.State;
        return new CommandAnswer(command,
        [
            .. state.Members.Select(member => CommandAnswer.Row(
                command,
                member.Address.HostAndPort(),
                member.Status.ToString(),
                string.Join(", ", member.Roles.Order(StringComparer.Ordinal)),
                !state.Unreachable.Contains(member),
                member.Address.Equals(state.Leader),
                member.UniqueAddress.Uid)),
        ]);
    }

    /// <summary><c>cluster down</c>.</summary>
    public CommandAnswer Down(CommandCall call)
    {
        var member = Find(call["address"]!);
        cluster.Down(member.Address);
        return CommandAnswer.Done(call.Command, $"{member.Address.HostAndPort()} is taken for dead");
    }

    /// <summary><c>cluster down-unreachable</c>.</summary>
    public CommandAnswer DownUnreachable(CommandDeclaration command)
    {
        var lost = cluster.State.Unreachable.ToImmutableArray();
        foreach (var member in lost)
            cluster.Down(member.Address);
        return new CommandAnswer(command, [.. lost.Select(m => CommandAnswer.Row(command, m.Address.HostAndPort(), "is taken for dead"))]);
    }

    /// <summary><c>cluster join</c>.</summary>
    public CommandAnswer Join(CommandCall call)
    {
        if (!cluster.State.Members.IsEmpty)
            throw new CommandRefusedException($"{node.Address} is a member of a cluster already; to change that, let it leave and start it with other seeds");
        cluster.Join(Addresses.Parse(call["address"]!, node.Tls is not null));
        return CommandAnswer.Done(call.Command, $"{node.Address} asks {call["address"]} to let it in");
    }

    /// <summary>The address of a member that can be reached.</summary>
    public Address Reachable(string address)
    {
        var member = Find(address);
        return cluster.State.Unreachable.Contains(member)
            ? throw new CommandRefusedException($"{address} cannot be reached; 'cluster down -a {address}' is right when it is dead")
            : member.Address;
    }

    private Member Find(string address) => cluster.State.Members.FirstOrDefault(m => m.Address.HostAndPort() == address)
        ?? throw new CommandRefusedException($"{address} is no member; there are {string.Join(", ", cluster.State.Members.Select(m => m.Address.HostAndPort()))}");
}
