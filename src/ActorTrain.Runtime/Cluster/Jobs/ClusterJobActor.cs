using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using ActorTrain.Compute.Training;
using ActorTrain.Core.Generations;
using ActorTrain.Core.Plans;
using ActorTrain.Core.Settings;
using ActorTrain.Runtime.Actors;
using ActorTrain.Runtime.Cluster.Nodes;
using ActorTrain.Runtime.Cluster.Protocol;
using Akka.Actor;
using Akka.Event;

namespace ActorTrain.Runtime.Cluster.Jobs;

/// <summary>
/// One job of the cluster: reads it, waits for devices, plans, installs the stages in their slots, starts them, follows
/// the steps, has checkpoints written, and tells those who follow the job.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "PostStop disposes.")]
internal sealed class ClusterJobActor : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan InstallTimeout = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan CauseTimeout = TimeSpan.FromSeconds(1);

    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly CancellationTokenSource _stopping = new();
    private readonly HashSet<IActorRef> _followers = [];
    private readonly Dictionary<int, IActorRef> _stages = [];
    private readonly string _id;
    private readonly SubmitJob _submit;
    private readonly NodeServices _node;
    private readonly IActorRef _slots;
    private readonly IRunHost _runs;
    private readonly Generation _generation;

    private ResolvedJob? _job;
    private ImmutableArray<ClusterDevice> _devices;
    private PipelinePlan? _plan;
    private ClusterRun? _run;
    private int _finished;
    private bool _stopRequested;

    public ClusterJobActor(string id, SubmitJob submit, IActorRef submitter, NodeServices node, IActorRef slots, IRunHost runs)
    {
        (_id, _submit, _node, _slots, _runs) = (id, submit, node, slots, runs);
        _generation = new Generation(1, Akka.Cluster.Cluster.Get(Context.System).SelfUniqueAddress.Uid);
        _followers.Add(submitter);
        Become(Reading);
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>How to make the actor.</summary>
    public static Props Props(string id, SubmitJob submit, IActorRef submitter, NodeServices node, IActorRef slots, IRunHost runs) =>
        Akka.Actor.Props.Create(() => new ClusterJobActor(id, submit, submitter, node, slots, runs));

    protected override void PreStart()
    {
        var (node, submit) = (_node, _submit);
        Task.Run(() => node.Resolve(submit.Name, submit.Text)).PipeTo(Self, failure: e => new Status.Failure(e));
    }

    protected override void PostStop()
    {
        _stopping.Cancel();
        _stopping.Dispose();
        foreach (var stage in _stages.Values)
            stage.Tell(new DropStage(GenerationNumber.Of(_generation)));
        _run?.Dispose();
        _job?.Dispose();
    }

    private void Reading()
    {
        Receive<ResolvedJob>(OnResolved);
        Receive<Status.Failure>(failure =>
        {
            var cause = Unwrapped(failure.Cause);
            Refuse(cause.Message, cause is SettingsException or PlanException);
        });
        ReceiveFollowers();
    }

    private void Waiting()
    {
        Receive<DevicesLeased>(OnLeased);
        Receive<StopJob>(_ => Fail("the job was stopped before it had devices"));
        ReceiveFollowers();
    }

    private void Planning()
    {
        Receive<ProfileMeasured>(OnProfile);
        Receive<Refused>(refused => Fail(refused.Reason));
        Receive<ClusterRun>(OnOpened);
        ReceiveRequests();
    }

    private void Installing()
    {
        Receive<StageInstalled>(OnInstalled);
        Receive<InstallTimedOut>(_ => Fail($"only stages {string.Join(", ", _stages.Keys)} were built within {InstallTimeout.TotalSeconds:F0} s"));
        ReceiveRequests();
    }

    private void Running()
    {
        Receive<StepJudged>(judged => Of(judged.Generation, () => _run!.Add(judged)));
        Receive<StageStepped>(stepped => Of(stepped.Generation, () => _run!.Add(stepped)));
        Receive<SnapshotReceived>(received => _run!.Add(received));
        Receive<CheckpointDone>(done =>
        {
            _run!.Add(done);
            FinishWhenDone();
        });
        Receive<CheckpointFailed>(failed => Fail(failed.Cause.Message));
        Receive<StageFinished>(finished => Of(finished.Generation, () =>
        {
            Context.Unwatch(Sender);
            _finished++;
            FinishWhenDone();
        }));
        Receive<JobResult>(result => End(new JobEnded(null, result)));
        ReceiveRequests();
    }

    private void ReceiveRequests()
    {
        Receive<StopJob>(_ => RequestStop());
        Receive<StageFailed>(failed => Of(failed.Generation, () => OnStageFailed(failed)));
        Receive<Terminated>(gone => OnStageGone(gone.ActorRef));
        Receive<NoOtherCause>(none => Fail(none.Reason));
        Receive<NodeLost>(lost => Fail($"node {lost.Address} has left the cluster"));
        Receive<Status.Failure>(failure => Fail(Unwrapped(failure.Cause).Message));
        ReceiveFollowers();
    }

    private void ReceiveFollowers() => Receive<FollowJob>(_ =>
    {
        if (_followers.Add(Sender) && _run is not null)
            Sender.Tell(_run.Started);
    });

    private void OnResolved(ResolvedJob job)
    {
        _job = job;
        try
        {
            var (least, most) = ClusterPlanner.DevicesFor(job);
            Tell(new JobAccepted(_id));
            Context.Parent.Tell(new LeaseDevices(_id, least, most));
            Become(Waiting);
        }
        catch (PlanException e)
        {
            Refuse(e.Message, isUsage: true);
        }
    }

    private void OnLeased(DevicesLeased leased)
    {
        _devices = leased.Devices;
        Become(Planning);
        try
        {
            if (ClusterPlanner.CheckNumerics(_job!, _devices) is { } mixed)
                Note(mixed);
        }
        catch (PlanException e)
        {
            Fail(e.Message);
            return;
        }

        var first = _devices[0];
        Context.ActorSelection(NodeGuardian.NodeActorOf(Addresses.Parse(first.Slot.Address, _node.Tls is not null)))
            .Ask<INodeMessage>(new MeasureProfile(_id, _submit.Text, first.Spec.ToString()), InstallTimeout)
            .PipeTo(Self, failure: e => new Status.Failure(e));
    }

    private void OnProfile(ProfileMeasured measured)
    {
        var profile = JsonSerializer.Deserialize<ModelProfile>(measured.Json)!;
        _plan = ClusterPlanner.Plan(_job!, _devices, profile);
        var (job, plan, devices, runs) = (_job!, _plan, _devices, _runs);
        Task.Run(() => ClusterRun.Open(runs, job, plan, devices)).PipeTo(Self, failure: e => new Status.Failure(e));
    }

    private void OnOpened(ClusterRun run)
    {
        _run = run;
        var self = Self;
        run.Begin(Context, Tell);
        var installs = ClusterPlanner.Installs(_id, _submit.Text, _generation, _plan!, _devices, _node.DataPlane);
        var channel = new CheckpointChannel(_node, _id, _generation, installs[0].Token, run.StateBytes);
        Become(Installing);
        Timers.StartSingleTimer(nameof(InstallTimedOut), new InstallTimedOut(), InstallTimeout);
        foreach (var install in installs)
        {
            channel.ReceiveAsync(install.Stage, install.Partition[install.Stage], (step, layers) => self.Tell(new SnapshotReceived(step, layers)), _stopping.Token)
                .PipeTo(Self, failure: e => new Status.Failure(e));
            _slots.Tell(install);
        }
    }

    private void OnInstalled(StageInstalled installed)
    {
        if (installed.Generation.Value != _generation)
            return;
        _stages[installed.Stage] = Sender;
        Context.Watch(Sender);
        if (_stages.Count < _plan!.Partition.Stages)
            return;
        Timers.Cancel(nameof(InstallTimedOut));
        Become(Running);
        foreach (var stage in _stages.Values)
            stage.Tell(new StartStage(installed.Generation));
        Tell(_run!.Started);
        if (_stopRequested)
            RequestStop();
    }

    private void RequestStop()
    {
        _stopRequested = true;
        if (_stages.TryGetValue(0, out var first))
            first.Tell(new EndAfterStep(GenerationNumber.Of(_generation)));
    }

    // A broken edge is mostly the other end's failure, which says more and comes a moment later.
    private void OnStageFailed(StageFailed failed)
    {
        var reason = string.Create(CultureInfo.InvariantCulture, $"stage {failed.Stage} on {_devices[_plan!.Schedule.Placement[failed.Stage]]}: {failed.Reason}");
        if (failed.IsEdge)
            Timers.StartSingleTimer(nameof(NoOtherCause), new NoOtherCause(reason), CauseTimeout);
        else
            Fail(reason);
    }

    private void OnStageGone(IActorRef entity)
    {
        var stage = _stages.First(s => s.Value.Equals(entity)).Key;
        OnStageFailed(new StageFailed(GenerationNumber.Of(_generation), stage, "it is gone", IsEdge: true));
    }

    private void FinishWhenDone()
    {
        if (_finished < _stages.Count || _run!.IsCheckpointing)
            return;
        var run = _run;
        Task.Run(run.FinishAsync).PipeTo(Self, failure: e => new Status.Failure(e));
    }

    private static Exception Unwrapped(Exception cause) => cause is AggregateException { InnerExceptions: [var only] } ? only : cause;

    private void Of(GenerationNumber generation, Action handle)
    {
        if (generation.Value == _generation)
            handle();
    }

    private void Note(string text)
    {
        _log.Info("{0}: {1}", _id, text);
        Tell(new JobNoted(text));
    }

    private void Refuse(string reason, bool isUsage)
    {
        Tell(new Refused(reason, isUsage));
        Context.Stop(Self);
    }

    private void Fail(string reason)
    {
        _log.Error("{0} failed: {1}", _id, reason);
        End(new JobEnded(reason, null));
    }

    private void End(JobEnded ended)
    {
        Tell(ended);
        Context.Parent.Tell(new JobOver(_id, ended));
        Context.Stop(Self);
    }

    private void Tell(ISupervisorMessage message)
    {
        foreach (var follower in _followers)
            follower.Tell(message);
    }

    private sealed record InstallTimedOut;

    private sealed record NoOtherCause(string Reason);
}
