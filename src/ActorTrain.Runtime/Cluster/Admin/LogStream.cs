using ActorTrain.Admin;
using Akka.Actor;

namespace ActorTrain.Runtime.Cluster.Admin;

/// <summary><c>log tail</c>: lines of the log as they come.</summary>
internal sealed class LogStream : RowStream
{
    private readonly IActorRef _log;

    public LogStream(CommandDeclaration command, IActorRef asker, IActorRef log)
        : base(command, asker)
    {
        _log = log;
        Receive<LogLine>(line => Add(line.Time, line.Level, line.Source, line.Message));
    }

    /// <summary>How to make the actor.</summary>
    public static Props Props(CommandDeclaration command, IActorRef asker, IActorRef log) =>
        Akka.Actor.Props.Create(() => new LogStream(command, asker, log));

    protected override void PreStart()
    {
        base.PreStart();
        _log.Tell(new FollowLog());
    }
}
