using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using ActorTrain.Compute.Stages;
using ActorTrain.Compute.Training;
using ActorTrain.Core.Failpoints;
using ActorTrain.Core.Generations;
using ActorTrain.Core.Plans;
using ActorTrain.Core.Schedules;
using ActorTrain.Core.Telemetry;
using ActorTrain.Core.Training;
using ActorTrain.Runtime.Actors;
using ActorTrain.Runtime.Cluster.Nodes;
using ActorTrain.Runtime.Cluster.Protocol;
using ActorTrain.Runtime.Cluster.Snapshots;
using ActorTrain.Runtime.Edges;
using ActorTrain.Runtime.Streams;
using Akka.Actor;
using Akka.Cluster.Sharding;

namespace ActorTrain.Runtime.Cluster.Slots;

/// <summary>
/// A stage in a device slot: builds it as a child, joins it to its neighbours by edges, runs its part of the stream, and
/// tells the job's supervisor. A failure stops it; what comes next is for the supervisor to decide, since the stage's state
/// is in mid-step.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "PostStop disposes.")]
internal sealed class StageEntity : ReceiveActor
{
    private readonly string _entity;
    private readonly NodeServices _node;
    private readonly CancellationTokenSource _stopping = new();
    private readonly SnapshotMemory _snapshotMemory = new();
    private readonly RunControl _control = new();

    private InstallStage _install = null!;
    private IActorRef _supervisor = ActorRefs.Nobody;
    private NodeDevice? _device;
    private ResolvedJob? _job;
    private Schedule? _schedule;
    private StageFlow? _flow;
    private StageEdges? _edges;
    private SnapshotGate? _gate;
    private long? _copying;
    private long? _nextCopy;
    private ImmutableArray<LayerSnapshot>? _state;
    private long _fetched;
    private long? _toTrace;
    private bool _streamFinished;
    private bool _lastUpdateDone;
    private bool _tracing;

    public StageEntity(string entity, NodeServices node)
    {
        (_entity, _node) = (entity, node);
        Become(Empty);
    }

    /// <summary>How to make the entity.</summary>
    public static Props Props(string entity, NodeServices node) => Akka.Actor.Props.Create(() => new StageEntity(entity, node));

    private Generation Generation => _install.Generation.Value;

    /// <summary>The device's place in the schedule.</summary>
    private int Place => _schedule!.Placement[_install.Stage];

    // A stage that throws is in mid-step: restarting it in place would go on from half an update.
    protected override SupervisorStrategy SupervisorStrategy()
    {
        var self = Self;
        return new OneForOneStrategy(
            e =>
            {
                self.Tell(new StageStopped(e));
                return Directive.Stop;
            },
            loggingEnabled: false);
    }

    protected override void PostStop()
    {
        _stopping.Cancel();
        _stopping.Dispose();
        _snapshotMemory.Dispose();
        _edges?.Dispose();
        if (_device is not null)
            _device.Release(_install.Job, Generation);
        FreeState();
        _job?.Dispose();
    }

    private void FreeState()
    {
        foreach (var layer in _state ?? [])
            layer.Dispose();
        _state = null;
    }

    private void Empty()
    {
        Receive<ProbeSlot>(probe =>
        {
            Sender.Tell(new SlotReady(probe.Entity));
            Context.Parent.Tell(new Passivate(PoisonPill.Instance));
        });
        Receive<InstallStage>(OnInstall);
    }

    private void Building()
    {
        Receive<ResolvedJob>(OnResolved);
        Receive<LayersRestored>(OnRestored);
        Receive<StageReady>(OnReady);
        Receive<StartStage>(OnStart);
        Receive<StageEdges>(OnConnected);
        ReceiveEnds();
    }

    private void Running()
    {
        Receive<StepOutcome>(OnJudged);
        Receive<StageUpdated>(OnUpdated);
        Receive<SnapshotCopied>(_ => OnCopied());
        Receive<RecordedTrace>(OnTraced);
        Receive<SnapshotCommitted>(committed => _gate!.Committed(committed.Step));
        Receive<StreamFinished>(_ =>
        {
            _streamFinished = true;
            TellWhenFinished();
        });
        Receive<TraceStep>(trace => _toTrace = trace.Step);
        Receive<DriverPaused>(paused => _supervisor.Tell(new StagePaused(_install.Generation, paused.Step)));
        Receive<DriverResumed>(_ => { });
        ReceiveEnds();
    }

    private void ReceiveEnds()
    {
        // Wishes come while the edges are still being connected too.
        Receive<EndAfterStep>(OnEndAfterStep);
        Receive<PauseStage>(_ => _control.Pause());
        Receive<ResumeStage>(_ => _control.Resume());
        Receive<CheckpointStage>(_ => _control.RequestCheckpoint());
        Receive<StreamFailed>(failed => Fail(failed.Cause));
        Receive<StageStopped>(stopped => Fail(stopped.Cause));
        Receive<Status.Failure>(failure => Fail(failure.Cause));
        Receive<StageDropped>(_ => Stop());
        Receive<Terminated>(_ => Stop());
    }

    private void OnInstall(InstallStage install)
    {
        (_install, _supervisor) = (install, Sender);
        Become(Building);
        Context.Watch(_supervisor);
        Context.ActorSelection($"/user/{NodeGuardian.Name}/node").Tell(new StageOpened(install.Job, install.Generation.Value));
        var self = Akka.Cluster.Cluster.Get(Context.System).SelfUniqueAddress;
        if (!SlotId.TryParse(_entity, out var slot) || slot.Uid != self.Uid)
        {
            Fail(new StageRefusedException($"{_entity} is a slot of an earlier life of this node"));
            return;
        }

        _device = _node.Devices.FirstOrDefault(d => d.Spec.ToString() == slot.Device);
        if (_device is null)
        {
            Fail(new StageRefusedException($"this node does not offer {slot.Device}"));
            return;
        }

        FailpointTrap.Reach(Failpoint.AfterInstall, FailpointRole.Worker);
        var node = _node;
        Task.Run(() => node.Resolve(install.Job, install.Text)).PipeTo(Self);
    }

    private void OnResolved(ResolvedJob job)
    {
        _job = job;
        var partition = new Partition([.. _install.Partition]);
        _schedule = job.Schedule!.Create(new ScheduleShape(_install.Devices, partition.Stages / _install.Devices, job.Settings.Batch.MicroBatches));
        _device!.Follow(_install.Job, Generation, _schedule, Place, job.Settings.Trace.Steps, _install.Step);
        _edges = new StageEdges(_node, _install, job);
        _gate = new SnapshotGate(job.Settings.Snapshot.Every, TimeProvider.System, duration => TrainingTelemetry.SnapshotDuration.Record(
            duration.TotalSeconds, KeyValuePair.Create(TrainingTelemetry.Job, (object?)job.Settings.Name)));
        if (_install.Sources.Count == 0)
        {
            BuildStage(null);
            return;
        }

        var fetch = new LayerFetch(_node, Context.System, _install.Job, Generation, _install.Token, _install.MaxBytes);
        fetch.RunAsync(_install.Step, _install.Sources, SnapshotChannels.Restore(_install.Stage), _stopping.Token)
            .PipeTo(Self, success: layers => new LayersRestored(layers));
    }

    private void OnRestored(LayersRestored restored)
    {
        var own = _install.Sources.Where(source => source.Node == _node.Address).SelectMany(source => source.Layers).ToHashSet();
        _fetched = restored.Layers.Where(layer => !own.Contains(layer.Layer)).Sum(layer => layer.Bytes);
        BuildStage(restored.Layers);
    }

    private void BuildStage(ImmutableArray<LayerSnapshot>? state)
    {
        _state = state;
        var job = _job!;
        Context.ActorOf(
            StageActor.Props(new StageSettings
            {
                Spec = job.Stage(_install.Stage, new Partition([.. _install.Partition])[_install.Stage]) with
                {
                    SplitMicroBatches = _schedule!.SplitMicroBatches(_install.Stage),
                },
                Executor = _device!.Executor,
                Credits = _schedule!.Credits[_install.Stage],
                MicroBatches = _schedule.Shape.MicroBatches,
                HashLayers = false,
                Remote = _edges!.AreRemote,
                SnapshotMemory = _snapshotMemory,
                State = state?.ToDictionary(layer => layer.Layer),
            }),
            "stage");
    }

    private void OnReady(StageReady ready)
    {
        FreeState();
        _flow = ready.Flow;
        _supervisor.Tell(new StageInstalled(_install.Stage, _install.Generation, _fetched));
        FailpointTrap.Reach(Failpoint.AfterInstalled, FailpointRole.Worker);
    }

    private void OnStart(StartStage start)
    {
        if (start.Generation.Value != Generation)
            return;
        FailpointTrap.Reach(Failpoint.BeforeGo, FailpointRole.Worker);
        _edges!.ConnectAsync(_stopping.Token).PipeTo(Self);
    }

    private void OnConnected(StageEdges edges)
    {
        Become(Running);
        var segment = new StageSegmentStream(_job!, _install.Stage, _flow!, _device!.Executor, edges);
        segment.Run(Context, new TrainingProgress(_install.Step, _install.Updates, _install.SkippedInARow), _gate!, _control);
        FailpointTrap.Reach(Failpoint.AfterGo, FailpointRole.Worker);
    }

    private void OnEndAfterStep(EndAfterStep end)
    {
        if (end.Generation.Value != Generation)
            return;
        if (end.Checkpoint)
            _control.Stop();
        else
            _control.HandOver();
    }

    private void OnJudged(StepOutcome outcome)
    {
        var verdict = outcome.Judgement.Verdict;
        _supervisor.Tell(new StepJudged(
            _install.Generation,
            verdict.Step,
            verdict.Update,
            verdict.Progress.SkippedInARow,
            outcome.Loss,
            outcome.Judgement.GradientNorm,
            verdict.LearningRateFactor,
            verdict.Skip,
            verdict.Checkpoint,
            verdict.Stop,
            outcome.Judgement.LayerNorms));
    }

    private void OnUpdated(StageUpdated updated)
    {
        var stage = _install.Stage;
        _supervisor.Tell(new StageStepped(_install.Generation, stage, updated.Verdict.Step, _device!.TakeWork(stage), _edges!.TakeUsage()));
        TellTrace(updated.Verdict.Step);
        _lastUpdateDone = updated.Verdict.Stop;
        if (!updated.Snapshots.IsEmpty)
            Keep(updated.Verdict.Progress, updated.Snapshots);
        EndTrace(updated.Verdict);
        TellWhenFinished();
    }

    private void EndTrace(Verdict verdict)
    {
        if (_job!.Settings.Trace.Steps is not { } steps || !(verdict.Step == steps.Last || (verdict.Stop && verdict.Step < steps.Last)))
            return;
        if (_device!.EndTrace() is not { } recorded)
            return;
        _tracing = true;
        recorded.PipeTo(Self);
    }

    private void OnTraced(RecordedTrace trace)
    {
        _tracing = false;
        foreach (var part in DeviceTraced.Parts(_install.Generation, Place, trace.Records, trace.Dropped))
            _supervisor.Tell(part);
        TellWhenFinished();
    }

    // A step later, for the device tells of an update only after the stage has told of it.
    private void TellTrace(long done)
    {
        if (_toTrace is not { } step || done <= step)
            return;
        _toTrace = null;
        _supervisor.Tell(new StepTraced(_install.Generation, _install.Stage, step, _device!.SpansOf(_install.Stage, step)));
    }

    private void Keep(TrainingProgress progress, ImmutableArray<LayerSnapshot> layers)
    {
        if (!_node.Snapshots.Add(_install.Job, Generation, progress, layers))
            return;
        FailpointTrap.Reach(Failpoint.AfterLocalCopy, FailpointRole.Worker);
        _supervisor.Tell(new SnapshotHeld(_install.Generation, _install.Stage, progress.Step, 1));
        if (_install.Buddy is null)
            return;
        if (_copying is null)
            Copy(progress.Step);
        else
            _nextCopy = progress.Step;
    }

    // One at a time. A buddy that is slow gets the newest, and those between are never committed.
    private void Copy(long step)
    {
        if (_node.Snapshots.Use(_install.Job, step, Layers) is not { } use)
            return;
        _copying = step;
        CopyAsync(_edges!, use, _stopping.Token).PipeTo(Self);
    }

    private IEnumerable<int> Layers => new Partition([.. _install.Partition])[_install.Stage].Layers;

    private static async Task<SnapshotCopied> CopyAsync(StageEdges edges, SnapshotUse use, CancellationToken cancelled)
    {
        using (use)
            await edges.CopyToBuddyAsync(use.Progress, use.Layers, cancelled).ConfigureAwait(false);
        return new SnapshotCopied();
    }

    private void OnCopied()
    {
        FailpointTrap.Reach(Failpoint.AfterBuddyCopy, FailpointRole.Worker);
        _supervisor.Tell(new SnapshotHeld(_install.Generation, _install.Stage, _copying!.Value, 2));
        _copying = null;
        if (_nextCopy is { } next)
        {
            _nextCopy = null;
            Copy(next);
        }

        TellWhenFinished();
    }

    // The stream's end may overtake the report of the last update, which comes by way of the stage's actor.
    private void TellWhenFinished()
    {
        if (!_streamFinished || !_lastUpdateDone || _copying is not null || _tracing)
            return;
        _supervisor.Tell(new StageFinished(_install.Generation, _install.Stage));
        Stop();
    }

    private void Fail(Exception cause)
    {
        if (cause is AggregateException { InnerExceptions: [var only] })
            cause = only;
        _supervisor.Tell(new StageFailed(_install.Generation, _install.Stage, cause.Message, cause is EdgeException, IsFinal: cause is TrainingDivergedException or DataFailedException));
        Stop();
    }

    private void Stop()
    {
        Context.Unwatch(_supervisor);
        Context.Stop(Self);
    }

    private sealed record SnapshotCopied;

    private sealed record LayersRestored(ImmutableArray<LayerSnapshot> Layers);
}
