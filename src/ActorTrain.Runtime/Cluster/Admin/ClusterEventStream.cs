using System.Globalization;
using ActorTrain.Admin;
using ActorTrain.Runtime.Cluster.Nodes;
using Akka.Actor;
using Akka.Cluster;

namespace ActorTrain.Runtime.Cluster.Admin;

/// <summary><c>cluster tail</c>: what happens to members, first of all those there are.</summary>
internal sealed class ClusterEventStream : RowStream
{
    private readonly Akka.Cluster.Cluster _cluster = Akka.Cluster.Cluster.Get(Context.System);

    public ClusterEventStream(CommandDeclaration command, IActorRef asker)
        : base(command, asker)
    {
        Receive<ClusterEvent.IMemberEvent>(happened => Take(happened, happened.Member));
        Receive<ClusterEvent.ReachabilityEvent>(happened => Take(happened, happened.Member));
        Receive<ClusterEvent.LeaderChanged>(changed => Add(Now(), nameof(ClusterEvent.LeaderChanged), changed.Leader?.HostAndPort()));
    }

    /// <summary>How to make the actor.</summary>
    public static Props Props(CommandDeclaration command, IActorRef asker) => Akka.Actor.Props.Create(() => new ClusterEventStream(command, asker));

    protected override void PreStart()
    {
        base.PreStart();
        _cluster.Subscribe(
            Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents,
            typeof(ClusterEvent.IMemberEvent), typeof(ClusterEvent.ReachabilityEvent), typeof(ClusterEvent.LeaderChanged));
    }

    protected override void PostStop() => _cluster.Unsubscribe(Self);

    private void Take(object happened, Member member) => Add(Now(), happened.GetType().Name, member.Address.HostAndPort());

    private static string Now() => DateTime.UtcNow.ToString("O", CultureInfo.InvariantCulture);
}
