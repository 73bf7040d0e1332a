using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using ActorTrain.Core.Failpoints;
using ActorTrain.Core.Plans;
using ActorTrain.Core.Recovery;
using ActorTrain.Core.Schedules;
using ActorTrain.Runtime.Cluster.Nodes;
using ActorTrain.Runtime.Cluster.Protocol;
using ActorTrain.Runtime.Cluster.Snapshots;
using Akka.Actor;

namespace ActorTrain.Runtime.Cluster.Jobs;

/// <summary>How a generation begins: devices, promises, what is measured, and the step to go on from.</summary>
internal sealed partial class ClusterJobActor
{
    private static readonly TimeSpan FenceTimeout = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan ProbePause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan FencePause = TimeSpan.FromSeconds(1);

    private void Lease(ImmutableSortedSet<string> lost)
    {
        Timers.Cancel(nameof(FenceTimedOut));
        if (lost.Count > 0)
            Note($"{string.Join(", ", lost)} does not answer", NoteKind.Failure);
        var (least, most) = ClusterPlanner.DevicesFor(_job!);
        Become(Waiting);
        Context.Parent.Tell(new LeaseDevices(_record.Id, least, most, [.. _nodes.Where(n => lost.Contains(n.Address)).Select(n => n.Uid)], _pins.Preferred));
    }

    private void Waiting()
    {
        Receive<DevicesMissing>(missing =>
        {
            var (least, _) = ClusterPlanner.DevicesFor(_job!);
            Note(string.Create(CultureInfo.InvariantCulture, $"waiting: {least} devices are needed, {missing.Free} are free"), NoteKind.Waiting);
            Context.Parent.Tell(new JobSettled(_record.Id));
            Do(new JobEvent.DevicesMissing());
        });
        Receive<DevicesLeased>(leased =>
        {
            _devices = leased.Devices;
            Become(Fencing);
            Context.Parent.Tell(new ListNodes());
        });
        Receive<StopJob>(_ => Do(new JobEvent.StopWanted()));
        ReceiveFollowers();
        ReceiveLate();
    }

    private void Fencing()
    {
        Receive<NodesListed>(Fence);
        Receive<JobFenced>(fenced => Do(new JobEvent.NodeFenced(fenced.Generation.Value, fenced.Node, [.. fenced.Held.Select(h => h.ToHeld())])));
        Receive<NodeDead>(dead => Of(dead.Generation, () => OnDead(dead.Address)));
        Receive<ProbePorts>(_ => ProbeNodes());
        Receive<FenceTimedOut>(_ => Do(new JobEvent.FenceExpired()));
        Receive<FenceAgain>(_ => Context.Parent.Tell(new ListNodes()));
        Receive<ClusterRun>(OnOpened);
        Receive<ProfileMeasured>(OnProfile);
        Receive<Refused>(refused => Recover(refused.Reason));
        Receive<RestorePoint>(Restore);
        Receive<Status.Failure>(failure => Fail(Unwrapped(failure.Cause).Message));
        ReceiveRequests();
    }

    private void Fence(NodesListed listed)
    {
        (_nodes, _leaving) = (listed.Nodes, listed.Leaving);
        _gathering.Cancel();
        _gathering.Dispose();
        _gathering = new CancellationTokenSource();
        var lives = listed.Nodes.Select(n => n.Uid).ToHashSet();
        Do(new JobEvent.Begun(
            [.. listed.Nodes.Select(n => n.Address)],
            _devices.All(d => lives.Contains(d.Slot.Uid)) ? [.. _devices.Select(d => d.Slot.Address)] : []));
    }

    private void AskForPromises()
    {
        FailpointTrap.Reach(Failpoint.BeforeFence, FailpointRole.Supervisor);
        var generation = GenerationNumber.Of(Generation);
        Timers.StartSingleTimer(nameof(FenceTimedOut), new FenceTimedOut(), FenceTimeout);
        foreach (var node in _nodes)
        {
            Remember(node);
            NodeActor(node.Address).Tell(new FenceJob(_record.Id, generation));
        }

        FailpointTrap.Reach(Failpoint.AfterFence, FailpointRole.Supervisor);
        ProbeNodes();
        Timers.StartPeriodicTimer(nameof(ProbePorts), new ProbePorts(), ProbePause);
    }

    // Until the stages run, when their edges tell: one that has answered may die while others build on it.
    private void ProbeNodes()
    {
        var generation = GenerationNumber.Of(Generation);
        foreach (var node in _nodes.Where(n => !_state.Lost.Contains(n.Address)))
        {
            DataPort.IsDeadAsync(node, _stopping.Token).PipeTo(
                Self, success: dead => dead ? new NodeDead(generation, node.Address) : new NodeThere());
        }
    }

    private void OnDead(string address)
    {
        if (_state.Phase == JobPhase.Fencing)
            Do(new JobEvent.NodeLost(address));
        else if (_state.Inventories.ContainsKey(address))
            Recover($"node {address} is dead");
    }

    private void Remember(NodeOffer node) =>
        NodeActor(node.Address).Tell(new RememberJob(_record with { RunDirectory = _run?.Started.RunDirectory ?? _record.RunDirectory }));

    private void WaitForMajority()
    {
        Timers.Cancel(nameof(FenceTimedOut));
        Note($"waits: most of the nodes are silent ({string.Join(", ", _state.Silent)}), and may go on without this one", NoteKind.Waiting);
        Timers.StartSingleTimer(nameof(FenceAgain), new FenceAgain(), FencePause);
    }

    private void Choose()
    {
        Timers.Cancel(nameof(FenceTimedOut));
        _recovery?.Mark(RecoveryPart.Fence);
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

        if (_profile is null)
            Measure();
        else
            ChooseRestorePoint();
    }

    private void Measure()
    {
        var first = _devices[0];
        NodeActor(first.Slot.Address)
            .Ask<INodeMessage>(new MeasureProfile(_record.Id, _record.Text, first.Spec.ToString()), InstallTimeout)
            .PipeTo(Self, failure: e => new Refused($"{first} cannot be measured: {e.Message}", IsUsage: false));
    }

    private void OnProfile(ProfileMeasured measured)
    {
        _profile = JsonSerializer.Deserialize<ModelProfile>(measured.Json)!;
        if (TryPlan() is not { } plan)
            return;
        var (runs, job, devices, directory) = (_runs, _job!, _devices, _record.RunDirectory);
        Task.Run(() => ClusterRun.Open(runs, job, plan, devices, directory)).PipeTo(Self, failure: e => new Status.Failure(e));
    }

    private PipelinePlan? TryPlan()
    {
        try
        {
            (_devices, var plan) = _pins.Plan(_job!, _devices, _profile!);
            return plan;
        }
        catch (Exception e) when (e is PlanException or ScheduleException)
        {
            Fail(e.Message);
            return null;
        }
    }

    private void OnOpened(ClusterRun run)
    {
        _run = run;
        run.Begin(Context, Tell);
        // Another supervisor goes on with the same files.
        foreach (var node in Living)
            Remember(node);
        ChooseRestorePoint();
    }

    // Memory first; where it lacks a layer, the last checkpoint; where there is none, the start.
    private void ChooseRestorePoint()
    {
        if (RestorePoint.Choose(_job!.Model.Layers.Count, _state.Inventories) is { } point)
        {
            Restore(point);
            return;
        }

        var (run, node, id, generation) = (_run!, _node, _record.Id, Generation);
        Task.Run(() => run.LoadCheckpoint(node, id, generation)).PipeTo(Self, failure: e => new Status.Failure(e));
    }
}
