using System.Globalization;
using ActorTrain.Admin;
using Akka.Actor;
using Akka.Event;

namespace ActorTrain.Runtime.Cluster.Admin;

/// <summary>Keeps the last lines of a node's log: what Akka logs, as far as the level allows, and notes on the node and its jobs.</summary>
internal sealed class LogActor : ReceiveActor
{
    private const int MaxLines = 500;
    private const int MaxMessage = 2000;
    private const int Usual = 20;

    private readonly Queue<LogLine> _lines = new();
    private readonly HashSet<IActorRef> _followers = [];

    public LogActor()
    {
        var filter = Context.System.Settings.LogFilter;
        Receive<LogEvent>(logged =>
        {
            if (filter.ShouldTryKeepMessage(logged, out _))
                Take(logged.Timestamp, logged.LogLevel().ToString().Replace("Level", "", StringComparison.Ordinal), logged.LogSource, logged.Message?.ToString());
        });
        Receive<NodeNote>(note => Take(note.At, "Note", note.Source, note.Text));
        Receive<PeekLog>(peek => Sender.Tell(Peek(peek.Call).ToMessage()));
        Receive<FollowLog>(_ =>
        {
            _followers.Add(Sender);
            Context.Watch(Sender);
        });
        Receive<Terminated>(gone => _followers.Remove(gone.ActorRef));
    }

    /// <summary>How to make the actor.</summary>
    public static Props Props() => Akka.Actor.Props.Create(() => new LogActor());

    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe(Self, typeof(LogEvent));
        Context.System.EventStream.Subscribe(Self, typeof(NodeNote));
    }

    protected override void PostStop() => Context.System.EventStream.Unsubscribe(Self);

    private CommandAnswer Peek(CommandCall call) => new(
        call.Command,
        [.. _lines.TakeLast(call.Number("count", Usual)).Select(l => CommandAnswer.Row(call.Command, l.Time, l.Level, l.Source, l.Message))]);

    private void Take(DateTime time, string level, string source, string? message)
    {
        var text = message ?? "";
        var line = new LogLine(
            time.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture), level, source, text.Length <= MaxMessage ? text : $"{text[..MaxMessage]} ...");
        _lines.Enqueue(line);
        if (_lines.Count > MaxLines)
            _lines.Dequeue();
        foreach (var follower in _followers)
            follower.Tell(line);
    }
}
