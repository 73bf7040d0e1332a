using System.Collections.Immutable;
using System.Globalization;
using ActorTrain.Core.Recovery;
using ActorTrain.Core.Telemetry;
using ActorTrain.Runtime.Cluster.Admin;
using ActorTrain.Runtime.Cluster.Nodes;
using ActorTrain.Runtime.Cluster.Protocol;
using Akka.Actor;
using Akka.Event;

namespace ActorTrain.Runtime.Cluster.Jobs;

/// <summary>What may come at any time: failures, nodes that go, wishes to stop or to move, followers.</summary>
internal sealed partial class ClusterJobActor
{
    // Another device is worth the pause only if steps become faster by this share at least.
    private const double LeastGain = 0.05;

    private void ReceiveRequests()
    {
        Receive<StopJob>(_ => Do(new JobEvent.StopWanted()));
        Receive<StageFailed>(failed => !failed.IsFinal, failed => Of(failed.Generation, () => Recover(Describe(failed))));
        Receive<Terminated>(gone =>
        {
            if (_attempt?.Stages.Contains(gone.ActorRef) == true)
                Recover(Describe(_attempt.StageOf(gone.ActorRef), "is gone"));
        });
        Receive<NodeLost>(lost => Recover($"node {lost.Address} has left the cluster"));
        Receive<NodeDraining>(draining =>
        {
            Note($"node {draining.Address} wants to leave", NoteKind.Move);
            Do(new JobEvent.MoveWanted());
        });
        Receive<Status.Failure>(failure => Recover(Unwrapped(failure.Cause).Message));
        ReceiveFollowers();
        ReceiveLate();
    }

    // Answers to a question that is not open any more.
    private void ReceiveLate()
    {
        Receive<DeviceDied>(OnDeviceDied);
        Receive<DevicesFree>(OnDevicesFree);
        ReceiveCheckpoints();
        Receive<ClockRead>(OnClock);
        Receive<TracePacked>(OnPacked);

        // The failures of its neighbours may have come first, and begun a new generation.
        Receive<StageFailed>(failed => failed.IsFinal, failed => Fail(failed.Reason));
        Receive<ProbePorts>(_ => { });
        Receive<NodeThere>(_ => { });
        Receive<NodeDead>(_ => { });
        Receive<FenceAgain>(_ => { });
        Receive<NodeLost>(_ => { });
        Receive<NodeDraining>(_ => { });
        Receive<Terminated>(_ => { });
        Receive<ISlotMessage>(_ => { });
        Receive<ISnapshotMessage>(_ => { });
    }

    private void ReceiveFollowers()
    {
        Receive<FollowJob>(_ => OnFollow());
        ReceiveCommands();
    }

    private void OnFollow()
    {
        if (!_followers.Add(Sender) || _run is not { HasStarted: true })
            return;
        Sender.Tell(_run.Started);
        if (_attempt is not null)
            Sender.Tell(Describe(_attempt));
    }

    /// <summary>Sets the run back to the newest state that is safe, as often as the job allows.</summary>
    private void Recover(string reason)
    {
        _log.Warning("{0}: {1}", _record.Id, reason);
        Do(new JobEvent.Failed(DateTimeOffset.UtcNow, _job!.Settings.Recovery, reason));
    }

    private void GoBack(string reason)
    {
        TrainingTelemetry.Recoveries.Add(1, KeyValuePair.Create(TrainingTelemetry.Job, (object?)_job!.Settings.Name));
        StartClock(afterFailure: true);
        Tell(new JobNoted($"{reason}; the run goes back to its last snapshot", NoteKind.Failure));
        BeginAnew();
    }

    private void BeginAnew()
    {
        LeaveGeneration();
        Become(Fencing);
        Context.Parent.Tell(new ListNodes());
    }

    private void OnDeviceDied(DeviceDied died)
    {
        if (_crashes.Add(died))
            Fail($"{died}, as one did before: whatever tries it ends, so it is not tried again; look at that batch and at the layers of the stage");
        else
            Note(died.ToString(), NoteKind.Failure);
    }

    // Nothing is measured of a start, or of what fails before the first step.
    private void StartClock(bool afterFailure)
    {
        if (_judgedAt == 0)
            return;
        if (_recovery is not null)
        {
            _recovery.AfterFailure |= afterFailure;
            return;
        }

        _recovery = new RecoveryClock(_judgedAt, afterFailure);
        _recovery.Mark(RecoveryPart.Detection);
    }

    private void LeaveGeneration()
    {
        foreach (var stage in _attempt?.Stages ?? [])
            Context.Unwatch(stage);
        _attempt = null;
        Timers.CancelAll();
    }

    private void OnDevicesFree(DevicesFree free)
    {
        _free = free.Devices;
        var settings = _job!.Settings.Pipeline;
        Timers.Cancel(nameof(ScaleOut));
        if (_state.Phase == JobPhase.Running && settings.ScaleOut && settings.Partition is null && !free.Devices.IsEmpty && _devices.Length < _job.Model.Layers.Count)
            Timers.StartSingleTimer(nameof(ScaleOut), new ScaleOut(free.Devices), SettleTime);
    }

    private void OnScaleOut(ScaleOut scale)
    {
        if (_state.MoveWanted || _state.StopWanted || _attempt is null)
            return;
        ImmutableArray<ClusterDevice> more = [.. _devices.Concat(scale.Devices).Take(_job!.Model.Layers.Count)];
        var (now, then) = (_attempt.Plan.StepSeconds, ClusterPlanner.Plan(_job, more, _profile!).StepSeconds);
        var gain = 1 - then / now;
        Note(string.Create(
            CultureInfo.InvariantCulture,
            $"{scale.Devices.Length} devices have come free: a step is predicted to take {then:F3} s instead of {now:F3} s{(gain < LeastGain ? ", which is not worth a move" : "")}"), NoteKind.Move);
        if (gain >= LeastGain)
            Do(new JobEvent.MoveWanted());
    }

    /// <summary>The nodes that answer and are not about to leave.</summary>
    private List<NodeOffer> Staying => [.. Living.Where(node => !_leaving.Contains(node.Uid))];

    /// <summary>Says what the loss of a node would cost, whenever that changes.</summary>
    private void TellPromise()
    {
        var promise = (_attempt!.KeepsCopies, Staying.Select(node => node.Group).Distinct().Count()) switch
        {
            (true, 1) => "there is one node: any one process of its devices may die; if the node dies, the run stops with it",
            (false, _) => "no second node keeps copies of the run's state: if a node dies, the run goes back to its last checkpoint",
            (true, 2) => "two nodes have no majority: if the one with the lower address dies, the run stops with it",
            _ => "any one node may die: the run goes back to the last step that two nodes have",
        };
        if (promise != _promise)
            Note(promise, NoteKind.Promise);
        _promise = promise;
    }

    private string Describe(StageFailed failed) => Describe(failed.Stage, failed.Reason);

    private string Describe(int stage, string what) => _attempt is null
        ? string.Create(CultureInfo.InvariantCulture, $"stage {stage}: {what}")
        : string.Create(CultureInfo.InvariantCulture, $"stage {stage} on {_attempt.DeviceOf(stage)}: {what}");

    private void Refuse(string reason, bool isUsage)
    {
        Tell(new Refused(reason, isUsage));
        End(new JobEnded(reason, null));
    }

    private void Fail(string reason)
    {
        _log.Error("{0} failed: {1}", _record.Id, reason);
        End(new JobEnded(reason, null));
    }

    private void End(JobEnded ended)
    {
        Tell(ended);
        RefuseWaiting(ended);
        foreach (var node in _nodes)
        {
            NodeActor(node.Address).Tell(new FenceJob(_record.Id, GenerationNumber.Of(Generation with { Number = Generation.Number + 1 })));
            NodeActor(node.Address).Tell(new ForgetJob(_record.Id));
        }

        Context.Parent.Tell(new JobOver(_record.Id, ended));
        Context.Stop(Self);
    }

    private void Note(string text, NoteKind kind = NoteKind.Note)
    {
        _log.Info("{0}: {1}", _record.Id, text);
        NodeNote.Publish(Context.System.EventStream, _record.Id, text);
        Tell(new JobNoted(text, kind));
    }

    private void Tell(ISupervisorMessage message)
    {
        foreach (var follower in _followers)
            follower.Tell(message);
    }

    private void Of(GenerationNumber generation, Action handle)
    {
        if (generation.Value == Generation)
            handle();
    }

    private ActorSelection NodeActor(string address) =>
        Context.ActorSelection(NodeGuardian.NodeActorOf(Addresses.Parse(address, _node.Tls is not null)));

    private static Exception Unwrapped(Exception cause) => cause is AggregateException { InnerExceptions: [var only] } ? only : cause;

    private sealed record InstallTimedOut;

    private sealed record FenceTimedOut;

    private sealed record ProbePorts;

    private sealed record NodeThere;

    private sealed record NodeDead(GenerationNumber Generation, string Address);

    private sealed record FenceAgain;

    private sealed record ScaleOut(ImmutableArray<ClusterDevice> Devices);
}
