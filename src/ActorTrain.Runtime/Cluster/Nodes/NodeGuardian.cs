using ActorTrain.Runtime.Cluster.Admin;
using ActorTrain.Runtime.Cluster.Jobs;
using ActorTrain.Runtime.Cluster.Nodes.Isolation;
using ActorTrain.Runtime.Cluster.Protocol;
using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Tools.Singleton;

namespace ActorTrain.Runtime.Cluster.Nodes;

/// <summary>
/// <c>/user/actortrain</c>: above everything of ours on a node, and where others knock. Hands requests on to the job
/// supervisor, wherever in the cluster that is.
/// </summary>
internal sealed class NodeGuardian : ReceiveActor
{
    /// <summary>The actor's name.</summary>
    public const string Name = "actortrain";

    private const string SupervisorName = "job-supervisor";

    private readonly Akka.Cluster.Cluster _cluster = Akka.Cluster.Cluster.Get(Context.System);

    public NodeGuardian(
        NodeServices node, IReadOnlyList<DeviceOffer> devices, IActorRef slots, IRunHost runs, DeviceSupervisorSettings? processes)
    {
        Context.ActorOf(NodeActor.Props(node, devices), "node");
        Context.ActorOf(KnownMembers.Props(node), "known-members");
        if (node.Settings.Roles.Contains(NodeRoles.Supervisor))
        {
            Context.ActorOf(
                ClusterSingletonManager.Props(
                    JobSupervisor.Props(node, slots, runs),
                    PoisonPill.Instance,
                    ClusterSingletonManagerSettings.Create(Context.System).WithSingletonName("singleton").WithRole(NodeRoles.Supervisor)),
                SupervisorName);
        }

        var supervisor = Context.ActorOf(
            ClusterSingletonProxy.Props(
                $"/user/{Name}/{SupervisorName}",
                ClusterSingletonProxySettings.Create(Context.System)
                    .WithSingletonName("singleton")
                    .WithRole(NodeRoles.Supervisor)
                    .WithLogSingletonIdentificationFailure(false)),
            "supervisor-proxy");
        if (processes is not null)
            Context.ActorOf(DeviceSupervisor.Props(processes, supervisor), DeviceSupervisor.Name);
        var log = Context.ActorOf(LogActor.Props(), "log");
        var admin = Context.ActorOf(AdminActor.Props(node, supervisor, slots, log), AdminActor.Name);
        Receive<RunCommand>(admin.Forward);
        Receive<ISupervisorRequest>(supervisor.Forward);
        Receive<CheckHealth>(_ => Sender.Tell(Health()));
    }

    /// <summary>How to make the actor.</summary>
    /// <param name="node">The node.</param>
    /// <param name="devices">What it offers itself.</param>
    /// <param name="slots">The shard region of device slots.</param>
    /// <param name="runs">Keeps the files of runs.</param>
    /// <param name="processes">The devices that have processes of their own; null when the node does not isolate.</param>
    public static Props Props(
        NodeServices node, IReadOnlyList<DeviceOffer> devices, IActorRef slots, IRunHost runs, DeviceSupervisorSettings? processes) =>
        Akka.Actor.Props.Create(() => new NodeGuardian(node, devices, slots, runs, processes));

    /// <summary>Where a node's own actor is.</summary>
    public static ActorPath NodeActorOf(Address node) => new RootActorPath(node) / "user" / Name / "node";

    /// <summary>Where a node's admin actor is.</summary>
    public static ActorPath AdminActorOf(Address node) => new RootActorPath(node) / "user" / Name / AdminActor.Name;

    private ClusterHealth Health()
    {
        var state = _cluster.State;
        return new ClusterHealth(
            _cluster.SelfMember.Status.ToString(),
            [.. state.Members.Where(m => m.Status == MemberStatus.Up).Select(m => m.Address.HostAndPort())],
            [.. state.Unreachable.Select(m => m.Address.HostAndPort())]);
    }
}
