using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster;

namespace ActorTrain.Runtime.Cluster.Nodes;

/// <summary>
/// Keeps who else is in the cluster where it outlives the actor system: a node that was cut off and removed has to know whom
/// to join again.
/// </summary>
internal sealed class KnownMembers : ReceiveActor
{
    private readonly Akka.Cluster.Cluster _cluster = Akka.Cluster.Cluster.Get(Context.System);

    public KnownMembers(NodeServices node)
    {
        Receive<ClusterEvent.MemberUp>(up => Change(up, node.OtherMembers.Add));
        Receive<ClusterEvent.MemberExited>(exited => Change(exited, node.OtherMembers.Remove));
        // A side that stops downs its own nodes. Those of the side that goes on stay known.
        Receive<ClusterEvent.MemberDowned>(downed => Change(downed, node.OtherMembers.Remove));
        Receive<ClusterEvent.IMemberEvent>(_ => { });

        void Change(ClusterEvent.IMemberEvent happened, Func<string, ImmutableSortedSet<string>> change)
        {
            if (happened.Member.UniqueAddress != _cluster.SelfUniqueAddress)
                node.OtherMembers = change(happened.Member.Address.HostAndPort());
        }
    }

    /// <summary>How to make the actor.</summary>
    /// <param name="node">Where the addresses are kept.</param>
    public static Props Props(NodeServices node) => Akka.Actor.Props.Create(() => new KnownMembers(node));

    protected override void PreStart() =>
        _cluster.Subscribe(Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.IMemberEvent));

    protected override void PostStop() => _cluster.Unsubscribe(Self);
}
