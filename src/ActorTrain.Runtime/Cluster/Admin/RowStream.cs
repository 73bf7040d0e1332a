using System.Collections.Immutable;
using ActorTrain.Admin;
using ActorTrain.Runtime.Cluster.Protocol;
using Akka.Actor;

namespace ActorTrain.Runtime.Cluster.Admin;

/// <summary>
/// Rows that come one by one, given to whoever asks in batches as fast as that takes them. When it is slow the oldest are
/// left out, and counted. Ends with the asker.
/// </summary>
internal abstract class RowStream : ReceiveActor
{
    private const int MaxQueued = 1000;
    private const int MaxBatch = 100;

    private readonly Queue<ImmutableArray<string?>> _rows = new();
    private readonly CommandDeclaration _command;
    private int _leftOut;
    private bool _wanted;
    private bool _over;

    /// <summary>Begins.</summary>
    /// <param name="command">The command whose rows they are.</param>
    /// <param name="asker">Who asks.</param>
    protected RowStream(CommandDeclaration command, IActorRef asker)
    {
        (_command, Asker) = (command, asker);
        Receive<NextRows>(_ =>
        {
            _wanted = true;
            Send();
        });
        Receive<Terminated>(_ => Context.Stop(Self));
    }

    /// <summary>Who asks.</summary>
    protected IActorRef Asker { get; }

    protected override void PreStart()
    {
        Context.Watch(Asker);
        Asker.Tell(new StreamOpened());
    }

    /// <summary>Adds a row.</summary>
    protected void Add(params ReadOnlySpan<object?> values)
    {
        _rows.Enqueue(CommandAnswer.Row(_command, values));
        if (_rows.Count > MaxQueued)
        {
            _rows.Dequeue();
            _leftOut++;
        }

        Send();
    }

    /// <summary>Nothing follows.</summary>
    protected void Finish()
    {
        _over = true;
        Send();
    }

    private void Send()
    {
        if (!_wanted || (_rows.Count == 0 && !_over))
            return;
        _wanted = false;
        var count = Math.Max(1, AdminMessages.CountOfFitting(_rows.Take(MaxBatch)));
        var batch = Enumerable.Range(0, Math.Min(count, _rows.Count)).Select(_ => _rows.Dequeue()).ToList();
        var isLast = _over && _rows.Count == 0;
        Asker.Tell(new StreamRows(AdminMessages.Cells(batch), _leftOut, isLast));
        _leftOut = 0;
        if (isLast)
            Context.Stop(Self);
    }
}
