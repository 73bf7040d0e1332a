using System.Collections.Immutable;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using ActorTrain.Compute.Training;
using ActorTrain.Core.Failpoints;
using ActorTrain.Core.Generations;
using ActorTrain.Core.Plans;
using ActorTrain.Core.Recovery;
using ActorTrain.Core.Settings;
using ActorTrain.Runtime.Cluster.Nodes;
using ActorTrain.Runtime.Cluster.Protocol;
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
    private RestorePoint? _from;
    private PipelinePlan? _plan;
    private PipelineAttempt? _attempt;
    private ClusterRun? _run;
    private RecoveryClock? _recovery;
    private long _judgedAt;
    private readonly CrashLog _crashes = new();
    private string? _promise;
    private CancellationTokenSource _gathering = new();
    private ImmutableArray<ClusterDevice> _free = [];
    private CheckpointGathered? _gathered;

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
        _gathering.Cancel();
        _gathering.Dispose();
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
                case JobEffect.Lease lease:
                    Lease(lease.Lost);
                    break;
                case JobEffect.AskForPromise:
                    AskForPromises();
                    break;
                case JobEffect.Choose:
                    Choose();
                    break;
                case JobEffect.Wait:
                    WaitForMajority();
                    break;
                case JobEffect.Build:
                    Build();
                    break;
                case JobEffect.Start:
                    Start();
                    break;
                default:
                    DoWhileRunning(effect);
                    break;
            }
        }
    }

    private void DoWhileRunning(JobEffect effect)
    {
        switch (effect)
        {
            case JobEffect.EndAfterStep end:
                _attempt!.First!.Tell(new EndAfterStep(GenerationNumber.Of(Generation), end.Checkpoint));
                break;
            case JobEffect.Commit commit:
                Commit(commit);
                break;
            case JobEffect.Gather gather:
                Gather(gather.Progress);
                break;
            case JobEffect.Write:
                _run!.Write(_gathered!);
                _gathered = null;
                break;
            case JobEffect.Move:
                Note("moves to other devices", NoteKind.Move);
                StartClock(afterFailure: false);
                LeaveGeneration();
                break;
            case JobEffect.GoBack back:
                GoBack(back.Reason);
                break;
            case JobEffect.GiveUp up:
                Fail($"{up.Reason}; more than {_job!.Settings.Recovery.MaxRestarts} restarts within {_job.Settings.Recovery.Window.TotalMinutes:F0} minutes");
                break;
            case JobEffect.Abandon abandon:
                Fail($"the job was stopped {abandon.When}");
                break;
            case JobEffect.Finish:
                Finish();
                break;
            default:
                DoAsWanted(effect);
                break;
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
        Do(new JobEvent.Accepted(job.Settings.Steps));
    }

    private void Restore(RestorePoint from)
    {
        if (TryPlan() is not { } plan)
            return;
        (_from, _plan) = (from, plan);
        _run!.RollBack(from.Progress, plan);
        foreach (var node in Living)
            NodeActor(node.Address).Tell(new RollBack(_record.Id, GenerationNumber.Of(Generation), from.Progress.Step));
        Become(Running);
        Do(new JobEvent.Restored(from.Progress));
    }

    private void Build()
    {
        var (job, plan, from) = (_job!, _plan!, _from!);
        ImmutableArray<NodeOffer?> buddies = job.Settings.Snapshot is { AreTaken: true, Buddy: true }
            ? ClusterPlanner.Buddies(plan, _devices, Staying)
            : [.. Enumerable.Repeat<NodeOffer?>(null, plan.Partition.Stages)];
        _attempt = new PipelineAttempt(plan, _devices, from, buddies);
        BeginTrace(plan);
        Do(new JobEvent.Planned(plan.Partition.Stages, buddies.Count(b => b is not null)));
        _recovery?.Mark(RecoveryPart.Plan);
        Become(Installing);
        Timers.StartSingleTimer(nameof(InstallTimedOut), new InstallTimedOut(), InstallTimeout);
        var installs = ClusterPlanner.Installs(
            new SubmitJob(_record.Name, _node.Pin(_record.Name, _record.Text, ClusterPlanner.Choices(job, plan))),
            _record.Id,
            Generation,
            plan,
            _devices,
            from,
            buddies,
            _run!.StateBytes);
        foreach (var install in installs)
        {
            if (buddies[install.Stage] is { } buddy)
            {
                NodeActor(buddy.Address).Tell(new KeepSnapshots(
                    _record.Id, install.Generation, install.Stage, plan.Partition[install.Stage].Count, _run!.StateBytes, install.Token));
            }

            _slots.Tell(install);
        }
    }

    private void Installing()
    {
        Receive<StageInstalled>(installed => Of(installed.Generation, () =>
        {
            _attempt!.Add(installed.Stage, Sender, installed.Bytes);
            Context.Watch(Sender);
            Do(new JobEvent.StageInstalled(installed.Generation.Value, installed.Stage));
        }));
        Receive<KeeperReady>(ready => Do(new JobEvent.KeeperReady(ready.Generation.Value, ready.Stage)));
        Receive<ProbePorts>(_ => ProbeNodes());
        Receive<NodeDead>(dead => Of(dead.Generation, () => OnDead(dead.Address)));
        Receive<InstallTimedOut>(_ => Recover($"stages {_attempt!.Missing} were not built within {InstallTimeout.TotalSeconds:F0} s"));
        ReceiveRequests();
    }

    private void Start()
    {
        OnBuilt();
        if (!_job!.Settings.Snapshot.AreTaken)
            Context.Parent.Tell(new JobSettled(_record.Id));
        FailpointTrap.Reach(Failpoint.BeforeGo, FailpointRole.Supervisor);
        foreach (var stage in _attempt!.Stages)
            stage.Tell(new StartStage(GenerationNumber.Of(Generation)));
        FailpointTrap.Reach(Failpoint.AfterGo, FailpointRole.Supervisor);
        if (_awaitingCheckpoint.Count > 0)
            AskForCheckpoint();
        if (_run!.HasStarted || _takenOver)
            Note($"goes on after step {_attempt.From.Progress.Step}: {string.Join("; ", _attempt.Describe(_job!.Model))}", NoteKind.Plan);
        if (!_run.HasStarted)
            Tell(_run.Start());
        Tell(Describe(_attempt));
        _tracing = new StepTracing(_attempt.Plan.Schedule, TimeProvider.System);
        TellPromise();
        if (!_free.IsEmpty)
            OnDevicesFree(new DevicesFree(_free));
    }

    private void OnBuilt()
    {
        Timers.Cancel(nameof(InstallTimedOut));
        Timers.Cancel(nameof(ProbePorts));
        _recovery?.Mark(RecoveryPart.Restore);
        Become(Running);
    }

    private void Running()
    {
        Receive<StepJudged>(judged => Of(judged.Generation, () => OnJudged(judged)));
        Receive<StepTraced>(traced => Of(traced.Generation, () => OnTraced(traced)));
        Receive<DeviceTraced>(part => Of(part.Generation, () => OnTraced(part)));
        Receive<StageStepped>(stepped => Of(stepped.Generation, () => _run!.Add(stepped)));
        Receive<SnapshotHeld>(held => Of(held.Generation, () =>
            Do(new JobEvent.SnapshotHeld(held.Generation.Value, held.Stage, held.Step, held.Nodes))));
        Receive<StageFinished>(finished => Of(finished.Generation, () =>
        {
            Context.Unwatch(Sender);
            Do(new JobEvent.StageFinished(finished.Generation.Value, finished.Stage));
        }));
        Receive<ScaleOut>(OnScaleOut);
        ReceiveRequests();
    }

    private void OnJudged(StepJudged judged)
    {
        if (_run!.Add(judged) && _recovery is not null)
        {
            _recovery.Mark(RecoveryPart.Replay);
            _run.Record(_recovery.ToEvent(judged.Step, _attempt!.FetchedBytes));
            _recovery = null;
        }

        _judgedAt = Stopwatch.GetTimestamp();

        AskForTrace(judged);
        Do(new JobEvent.Judged(judged.Generation.Value, judged.Progress, judged.Checkpoint, judged.Stop));
    }

    private void Commit(JobEffect.Commit commit)
    {
        FailpointTrap.Reach(Failpoint.BeforeCommit, FailpointRole.Supervisor);
        Context.Parent.Tell(new JobSettled(_record.Id));
        var committed = new SnapshotCommitted(_record.Id, commit.Step, GenerationNumber.Of(Generation));
        _attempt!.First!.Tell(committed);
        foreach (var node in commit.FreesOlder ? Living : [])
            NodeActor(node.Address).Tell(committed);
        FailpointTrap.Reach(Failpoint.AfterCommit, FailpointRole.Supervisor);
    }

    // Followers get the trace before the end.
    private void Finish()
    {
        if (_packing)
            return;
        var run = _run!;
        Become(Finishing);
        Task.Run(run.FinishAsync).PipeTo(Self, failure: e => new Status.Failure(e));
    }

    private void Finishing()
    {
        Receive<JobResult>(result => End(new JobEnded(null, result)));
        Receive<Status.Failure>(failure => Recover(Unwrapped(failure.Cause).Message));
        ReceiveFollowers();
        ReceiveLate();
    }
}
