using ActorTrain.Admin;
using ActorTrain.Runtime.Cluster.Nodes;
using ActorTrain.Runtime.Cluster.Protocol;
using Akka.Actor;

namespace ActorTrain.Runtime.Cluster.Admin;

/// <summary>
/// Carries out the commands of the admin shell on a node: those about nodes and actors itself, those about jobs by handing
/// them on to the job supervisor.
/// </summary>
internal sealed class AdminActor : ReceiveActor
{
    /// <summary>The actor's name.</summary>
    public const string Name = "admin";

    private const int MaxStreams = 64;

    private readonly Dictionary<string, Action<CommandCall>> _own;
    private readonly NodeServices _node;
    private readonly IActorRef _supervisor;
    private readonly ClusterCommands _cluster;
    private readonly ShardingCommands _sharding;

    public AdminActor(NodeServices node, IActorRef supervisor, IActorRef slots, IActorRef log)
    {
        (_node, _supervisor) = (node, supervisor);
        _cluster = new ClusterCommands(Akka.Cluster.Cluster.Get(Context.System), node);
        _sharding = new ShardingCommands(Context.System, slots);
        _own = new()
        {
            ["cluster show"] = call => Answer(_cluster.Show(call.Command)),
            ["cluster leave"] = Leave,
            ["cluster down"] = call => Answer(_cluster.Down(call)),
            ["cluster down-unreachable"] = call => Answer(_cluster.DownUnreachable(call.Command)),
            ["cluster join"] = call => Answer(_cluster.Join(call)),
            ["cluster tail"] = call => Open(ClusterEventStream.Props(call.Command, Sender)),
            ["cluster-sharding list-regions"] = call => Pipe(_sharding.RegionsAsync(call.Command)),
            ["cluster-sharding region-stats"] = call => Pipe(_sharding.StatsAsync(call.Command)),
            ["actor hierarchy"] = call => Answer(ActorTree.Of((ExtendedActorSystem)Context.System, call)),
            ["log peek"] = call => log.Forward(new PeekLog(call)),
            ["log tail"] = call => Open(LogStream.Props(call.Command, Sender, log)),
            ["train submit"] = _ => throw new CommandUsageException("'train submit' reads a file where it is given; a client sends the job that it has read"),
            ["train tail"] = call => Open(JobNewsStream.Props(call, Sender, _supervisor)),
        };
        Receive<RunCommand>(OnCommand);
    }

    /// <summary>How to make the actor.</summary>
    /// <param name="node">The node.</param>
    /// <param name="supervisor">The job supervisor, wherever in the cluster that is.</param>
    /// <param name="slots">The shard region of device slots.</param>
    /// <param name="log">Keeps the log's last lines.</param>
    public static Props Props(NodeServices node, IActorRef supervisor, IActorRef slots, IActorRef log) =>
        Akka.Actor.Props.Create(() => new AdminActor(node, supervisor, slots, log));

    // A stream that throws is over: its children are streams, and whoever reads one watches it.
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    private void OnCommand(RunCommand run)
    {
        try
        {
            var call = run.ToCall();
            if (_own.TryGetValue(call.Command.FullName, out var handle))
                handle(call);
            else
                _supervisor.Forward(run);
        }
        catch (CommandUsageException e)
        {
            Sender.Tell(new Refused(e.Message, IsUsage: true));
        }
        catch (CommandRefusedException e)
        {
            Sender.Tell(new Refused(e.Message, IsUsage: false));
        }
    }

    private void Answer(CommandAnswer answer) => Sender.Tell(answer.ToMessage());

    private void Pipe(Task<CommandAnswer> answer) => answer.PipeTo(
        Sender, Self, a => a.ToMessage(), e => new Refused(e.GetBaseException().Message, IsUsage: false));

    private static void Open(Props stream)
    {
        if (Context.GetChildren().Count() >= MaxStreams)
            throw new CommandRefusedException($"{MaxStreams} streams are open on this node, which are as many as there may be");
        Context.ActorOf(stream);
    }

    // The node itself knows best how to go: it hands over what it computes first.
    private void Leave(CommandCall call)
    {
        var member = _cluster.Reachable(call["address"]!);
        if (member.HostAndPort() != _node.Address)
        {
            Context.ActorSelection(NodeGuardian.AdminActorOf(member)).Tell(call.ToMessage(), Sender);
            return;
        }

        Answer(CommandAnswer.Done(call.Command, $"{_node.Address} leaves"));
        _node.Leave();
    }
}
