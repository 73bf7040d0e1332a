using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using ActorTrain.Compute.Training;
using ActorTrain.Core.Generations;
using ActorTrain.Core.Plans;
using ActorTrain.Core.Recovery;
using ActorTrain.Core.Settings;
using ActorTrain.Runtime.Actors;
using ActorTrain.Runtime.Cluster.Nodes;
using ActorTrain.Runtime.Cluster.Protocol;
using ActorTrain.Runtime.Cluster.Snapshots;
using Akka.Actor;
using Akka.Event;

namespace ActorTrain.Runtime.Cluster.Jobs;

/// <summary>
/// One job of the cluster. Start, crash, scale-out and drain are one protocol: lease devices, fence all nodes, find the
/// newest step of which all layers are there, plan, install, start. Whatever fails on the way begins it anew with a higher
/// generation. <see cref="JobMachine"/> decides when each of these is due; this asks nodes and stages, and tells it.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "PostStop disposes.")]
internal sealed partial class ClusterJobActor : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan InstallTimeout = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan SettleTime = TimeSpan.FromSeconds(3);

    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly CancellationTokenSource _stopping = new();
    private readonly HashSet<IActorRef> _followers = [];
    private readonly JobRecord _record;
    private readonly bool _takenOver;
    private readonly NodeServices _node;
    private readonly IActorRef _slots;
    private readonly IRunHost _runs;

    private JobState _state;
    private ResolvedJob? _job;
    private ImmutableArray<NodeOffer> _nodes = [];
    private ImmutableHashSet<int> _leaving = [];
    private ImmutableArray<ClusterDevice> _devices = [];
    private ModelProfile? _profile;
    private PipelineAttempt? _attempt;
    private ClusterRun? _run;
    private RecoveryClock? _recovery;
    private readonly CrashLog _crashes = new();
    private string? _promise;
    private bool _stopRequested;
    private bool _moving;

    public ClusterJobActor(JobRecord record, IActorRef submitter, NodeServices node, IActorRef slots, IRunHost runs)
    {
        (_record, _node, _slots, _runs) = (record, node, slots, runs);
        _takenOver = submitter.IsNobody();
        _state = new JobState(record.Generation.Value with { Incarnation = Akka.Cluster.Cluster.Get(Context.System).SelfUniqueAddress.Uid });
        if (!_takenOver)
            _followers.Add(submitter);
        Become(Reading);
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>How to make the actor.</summary>
    /// <param name="record">The job.</param>
    /// <param name="submitter">Who submitted it; nobody when it is taken over from a supervisor that is gone.</param>
    /// <param name="node">This node.</param>
    /// <param name="slots">The shard region of device slots.</param>
    /// <param name="runs">Keeps the run's files.</param>
    public static Props Props(JobRecord record, IActorRef submitter, NodeServices node, IActorRef slots, IRunHost runs) =>
        Akka.Actor.Props.Create(() => new ClusterJobActor(record, submitter, node, slots, runs));

    protected override void PreStart()
    {
        var (node, record) = (_node, _record);
        Task.Run(() => node.Resolve(record.Name, record.Text)).PipeTo(Self, failure: e => new Status.Failure(e));
    }

    protected override void PostStop()
    {
        _stopping.Cancel();
        _stopping.Dispose();
        _run?.Dispose();
        _job?.Dispose();
    }

    private Generation Generation => _state.Generation;

    private IEnumerable<NodeOffer> Living => _nodes.Where(node => _state.Inventories.ContainsKey(node.Address));

    private void Do(JobEvent happened)
    {
        (_state, var effects) = JobMachine.On(_state, happened);
        foreach (var effect in effects)
        {
            switch (effect)
            {
                case JobEffect.AskForPromise:
                    AskForPromises();
                    break;
                case JobEffect.Choose:
                    Choose();
                    break;
                case JobEffect.Wait:
                    WaitForMajority();
                    break;
                case JobEffect.Start:
                    Start();
                    break;
                case JobEffect.Commit commit:
                    Commit(commit.Step);
                    break;
            }
        }
    }

    private void Reading()
    {
        Receive<ResolvedJob>(OnResolved);
        Receive<Status.Failure>(failure => Refuse(Unwrapped(failure.Cause).Message, Unwrapped(failure.Cause) is SettingsException or PlanException));
        ReceiveFollowers();
    }

    private void OnResolved(ResolvedJob job)
    {
        _job = job;
        try
        {
            ClusterPlanner.DevicesFor(job);
        }
        catch (PlanException e)
        {
            Refuse(e.Message, isUsage: true);
            return;
        }

        if (!_takenOver)
            Tell(new JobAccepted(_record.Id));
        Lease([]);
    }

    private void Install(RestorePoint from)
    {
        var job = _job!;
        if (TryPlan() is not { } plan)
            return;
        _run!.RollBack(from.Progress, plan);
        foreach (var node in Living)
            NodeActor(node.Address).Tell(new RollBack(_record.Id, GenerationNumber.Of(Generation), from.Progress.Step));
        if (_run.IsOver(from.Progress, _stopRequested))
        {
            Become(Running);
            GatherCheckpoint(from);
            return;
        }

        ImmutableArray<NodeOffer?> buddies = job.Settings.Snapshot is { AreTaken: true, Buddy: true }
            ? ClusterPlanner.Buddies(plan, _devices, Staying)
            : [.. Enumerable.Repeat<NodeOffer?>(null, plan.Partition.Stages)];
        _attempt = new PipelineAttempt(plan, _devices, from, buddies.Count(b => b is not null));
        BeginTrace(plan);
        Do(new JobEvent.Planned(plan.Partition.Stages, buddies.Count(b => b is not null)));
        _recovery?.Mark("plan");
        Become(Installing);
        Timers.StartSingleTimer(nameof(InstallTimedOut), new InstallTimedOut(), InstallTimeout);
        var installs = ClusterPlanner.Installs(
            new SubmitJob(_record.Name, _node.Pin(_record.Name, _record.Text, ClusterPlanner.Choices(job, plan))), _record.Id, Generation, plan, _devices, from, buddies, _run.StateBytes);
        foreach (var install in installs)
        {
            if (buddies[install.Stage] is { } buddy)
            {
                NodeActor(buddy.Address).Tell(new KeepSnapshots(
                    _record.Id, install.Generation, install.Stage, plan.Partition[install.Stage].Count, _run.StateBytes, install.Token));
            }

            _slots.Tell(install);
        }
    }

    private void Installing()
    {
        Receive<StageInstalled>(installed => Of(installed.Generation, () =>
        {
            _attempt!.Add(installed.Stage, Sender);
            Context.Watch(Sender);
            Do(new JobEvent.StageInstalled(installed.Generation.Value, installed.Stage));
        }));
        Receive<KeeperReady>(ready => Do(new JobEvent.KeeperReady(ready.Generation.Value, ready.Stage)));
        Receive<InstallTimedOut>(_ => Recover($"stages {_attempt!.Missing} were not built within {InstallTimeout.TotalSeconds:F0} s"));
        ReceiveRequests();
    }

    private void Start()
    {
        Timers.Cancel(nameof(InstallTimedOut));
        _recovery?.Mark("restore");
        Become(Running);
        Context.Parent.Tell(new JobSettled(_record.Id));
        foreach (var stage in _attempt!.Stages)
            stage.Tell(new StartStage(GenerationNumber.Of(Generation)));
        if (_run!.HasStarted || _takenOver)
            Note($"goes on after step {_attempt.From.Progress.Step}: {string.Join("; ", _attempt.Describe(_job!.Model))}");
        if (!_run.HasStarted)
            Tell(_run.Start());
        TellPromise();
        _moving = false;
        if (_stopRequested)
            EndAfterStep();
    }

    private void Running()
    {
        Receive<StepJudged>(judged => Of(judged.Generation, () =>
        {
            if (_run!.Add(judged) && _recovery is not null)
            {
                _recovery.Mark("replay");
                Note($"recovered in {_recovery}");
                _recovery = null;
            }
        }));
        Receive<StageStepped>(stepped => Of(stepped.Generation, () => _run!.Add(stepped)));
        Receive<DeviceTraced>(part => Of(part.Generation, () => OnTraced(part)));
        Receive<TracePacked>(packed =>
        {
            OnPacked(packed);
            FinishWhenDone();
        });
        Receive<SnapshotHeld>(held => Of(held.Generation, () => OnHeld(held)));
        Receive<CheckpointGathered>(gathered => _run!.Add(gathered));
        Receive<CheckpointDone>(done =>
        {
            _run!.Add(done);
            FinishWhenDone();
        });
        Receive<CheckpointFailed>(failed =>
        {
            if (!_run!.TryMiss(failed))
                Fail(failed.Cause.Message);
        });
        Receive<StageFinished>(finished => Of(finished.Generation, () =>
        {
            Context.Unwatch(Sender);
            Do(new JobEvent.StageFinished(finished.Generation.Value, finished.Stage));
            FinishWhenDone();
        }));
        Receive<JobResult>(result => End(new JobEnded(null, result)));
        Receive<DevicesFree>(OnDevicesFree);
        Receive<ScaleOut>(OnScaleOut);
        ReceiveRequests();
    }

    private void OnHeld(SnapshotHeld held)
    {
        Do(new JobEvent.SnapshotHeld(held.Generation.Value, held.Stage, held.Step, held.Nodes));
        if (_state.Commits.IsHeld(held.Step) && _run!.TakeDue(held.Step) is { } progress)
            GatherCheckpoint(new RestorePoint(progress, HoldersOf(_attempt!)));
    }

    private void Commit(long step)
    {
        var committed = new SnapshotCommitted(_record.Id, step, GenerationNumber.Of(Generation));
        _attempt!.First!.Tell(committed);
        if (_run!.AwaitsCheckpoint(step))
            return;
        foreach (var node in Living)
            NodeActor(node.Address).Tell(committed);
    }

    private static ImmutableArray<ImmutableArray<string>> HoldersOf(PipelineAttempt attempt) =>
        [.. Enumerable.Range(0, attempt.Plan.Partition.Layers)
            .Select(layer => ImmutableArray.Create(attempt.DeviceOf(attempt.Plan.Partition.StageOf(layer)).Slot.Address))];

    private void GatherCheckpoint(RestorePoint point)
    {
        var fetch = new LayerFetch(_node, Context.System, _record.Id, Generation, ClusterPlanner.NewToken(), _run!.StateBytes);
        fetch.RunAsync(
                point.Progress.Step, point.SourcesOf(0, point.Holders.Length, _node.Address), SnapshotChannels.Checkpoint(_run.NextCheckpoint()), _stopping.Token)
            .PipeTo(Self, success: layers => new CheckpointGathered(point.Progress, layers), failure: e => new GatherFailed(point.Progress.Step, Unwrapped(e).Message));
    }

    private void FinishWhenDone()
    {
        if (_run!.IsCheckpointing || _packing || (_attempt is not null && !_state.IsFinished))
            return;
        if (_moving && !_stopRequested && !_run.IsAtEnd)
        {
            Note("moves to other devices");
            Restart();
            return;
        }

        var run = _run;
        Task.Run(run.FinishAsync).PipeTo(Self, failure: e => new Status.Failure(e));
    }
}
