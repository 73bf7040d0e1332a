using ActorTrain.Core.Training;
using ActorTrain.Runtime.Cluster.Protocol;
using ActorTrain.Web.Api;

namespace ActorTrain.Web.Feeds;

/// <summary>
/// What this node has heard of one job, in bounded room: the newest events for streams that go on, and what a page that
/// opens needs to show the run so far. Thread-safe.
/// </summary>
/// <param name="entry">The job.</param>
/// <param name="epoch">Tells this feed's event ids from those of another life of the node.</param>
/// <param name="clock">Stamps what is heard.</param>
internal sealed class JobFeed(JobEntry entry, long epoch, TimeProvider clock)
{
    private const int MostEvents = 4096;
    private const int MostLines = 500;
    private const int MostPoints = 1024;

    private readonly Lock _gate = new();
    private readonly Queue<FeedEvent> _events = new();
    private readonly Queue<LogLine> _log = new();
    private readonly MetricsHistory _history = new(MostPoints);
    private TaskCompletionSource _more = New();
    private JobState _state = JobState.Starting;
    private JobStarted? _started;
    private JobPlanned? _plan;
    private JobTraced? _trace;
    private JobEnded? _ended;
    private MetricPoint? _step;
    private long _count;

    /// <summary>The job's id.</summary>
    public string Id => entry.Id;

    /// <summary>Whether nothing will come any more.</summary>
    public bool IsOver
    {
        get
        {
            lock (_gate)
                return _ended is not null;
        }
    }

    /// <summary>The job in a list.</summary>
    public JobSummary Summary
    {
        get
        {
            lock (_gate)
                return Summarize();
        }
    }

    /// <summary>All that is known but the steps.</summary>
    public JobDocument Document
    {
        get
        {
            lock (_gate)
            {
                return new JobDocument
                {
                    Job = Summarize(),
                    LastEventId = Last.ToString(),
                    Started = _started,
                    Plan = _plan,
                    Trace = _trace,
                    Ended = _ended,
                    Log = [.. _log],
                };
            }
        }
    }

    /// <summary>The steps.</summary>
    public MetricsDocument Metrics
    {
        get
        {
            lock (_gate)
                return new MetricsDocument(Last.ToString(), _started?.Unit ?? "labels", _history.Stride, _history.Points);
        }
    }

    /// <summary>The newest event.</summary>
    private EventId Last => new(epoch, _count);

    /// <summary>Takes what the job's followers are told.</summary>
    public void Add(IJobNews news)
    {
        lock (_gate)
        {
            switch (news)
            {
                case JobStarted started:
                    _started = started;
                    Append("start", started);
                    break;
                case JobPlanned plan:
                    _plan = plan;
                    _state = plan.Step < (_step?.Step ?? 0) ? JobState.Replaying : JobState.Running;
                    Append("plan", plan);
                    break;
                case JobStepped stepped:
                    OnStep(stepped);
                    break;
                case JobTraced trace:
                    _trace = trace;
                    Append("trace", trace);
                    break;
                case JobReplanned replanned:
                    OnReplanned(replanned.Value);
                    break;
                case JobNoted note:
                    OnNote(note);
                    break;
                case JobEnded ended:
                    OnEnded(ended);
                    break;
            }
        }
    }

    /// <summary>The events after one.</summary>
    /// <param name="after">The last that the reader has; null for one that has none.</param>
    /// <param name="missed">Whether the reader has to begin anew: some are gone, or its id is of another feed.</param>
    /// <param name="more">Ends when there are more.</param>
    public IReadOnlyList<FeedEvent> Read(EventId? after, out bool missed, out Task more)
    {
        lock (_gate)
        {
            more = _more.Task;
            var first = _count - _events.Count;
            missed = after is { } id && (id.Epoch != epoch || id.Number < first || id.Number > _count);
            var from = missed ? first : after?.Number ?? first;
            return [.. _events.Skip((int)(from - first))];
        }
    }

    private void OnStep(JobStepped stepped)
    {
        _state = JobState.Running;
        _step = PointOf(stepped);
        _history.Add(_step);
        Append("step", _step);
    }

    private void OnNote(JobNoted note)
    {
        _state = note.Kind switch
        {
            NoteKind.Failure => JobState.Recovering,
            NoteKind.Waiting => JobState.Waiting,
            _ => _state,
        };
        Log(KindOf(note.Kind), note.Text);
    }

    private void OnReplanned(RunReplanned replanned)
    {
        _state = JobState.Running;
        Log(replanned.AfterFailure ? LogKind.Recovered : LogKind.Move, replanned.ToString(), replanned);
    }

    private void OnEnded(JobEnded ended)
    {
        _ended = ended;
        _state = ended switch
        {
            { Failure: not null } => JobState.Failed,
            { Result.Interrupted: true } => JobState.Stopped,
            _ => JobState.Done,
        };
        if (ended.Failure is { } failure)
            Log(LogKind.Failure, failure);
        Append("end", ended);
    }

    private void Log(LogKind kind, string text, RunReplanned? replanned = null)
    {
        var line = new LogLine(new EventId(epoch, _count + 1).ToString(), clock.GetUtcNow(), _step?.Step ?? 0, kind, text, replanned);
        _log.Enqueue(line);
        if (_log.Count > MostLines)
            _log.Dequeue();
        Append("note", line);
    }

    private void Append(string kind, object data)
    {
        _events.Enqueue(new FeedEvent(new EventId(epoch, ++_count), kind, data));
        if (_events.Count > MostEvents)
            _events.Dequeue();
        var more = _more;
        _more = New();
        more.SetResult();
    }

    private JobSummary Summarize() =>
        new(entry.Id, _started?.Job ?? entry.Source, _state, _step?.Step ?? _started?.Step ?? 0, _started?.Steps ?? 0, _step?.Loss ?? double.NaN);

    private MetricPoint PointOf(JobStepped step) => new()
    {
        Step = step.Step,
        Time = clock.GetUtcNow(),
        Loss = step.Loss,
        GradNorm = step.GradientNorm,
        LearningRateFactor = step.LearningRateFactor,
        TokensPerSecond = step.Labels / step.Seconds,
        Seconds = step.Seconds,
        Skipped = step.Skipped,
        Busy = [.. step.Busy],
        LayerNorms = [.. step.LayerNorms],
        Edges = [.. step.Edges.Select(e => new EdgeDocument(e.Edge, e.Bytes, e.RawBytes, e.CodingSeconds, e.SendingSeconds, e.WaitingSeconds))],
    };

    private static LogKind KindOf(NoteKind kind) => kind switch
    {
        NoteKind.Failure => LogKind.Failure,
        NoteKind.Move => LogKind.Move,
        NoteKind.Plan => LogKind.Plan,
        NoteKind.Checkpoint => LogKind.Checkpoint,
        NoteKind.Waiting => LogKind.Waiting,
        NoteKind.Promise => LogKind.Promise,
        _ => LogKind.Note,
    };

    // Continuations on other threads, so that no reader runs under the lock.
    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
