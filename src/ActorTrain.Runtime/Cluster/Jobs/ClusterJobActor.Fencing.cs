using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
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
    private static readonly TimeSpan FencePause = TimeSpan.FromSeconds(1);

    private void Lease(ImmutableArray<int> lost)
    {
        var (least, most) = ClusterPlanner.DevicesFor(_job!);
        Become(Waiting);
        Context.Parent.Tell(new LeaseDevices(_record.Id, least, most, lost, _pins.Preferred));
    }

    private void Waiting()
    {
        Receive<DevicesMissing>(missing =>
        {
            var (least, _) = ClusterPlanner.DevicesFor(_job!);
            Note(string.Create(CultureInfo.InvariantCulture, $"waiting: {least} devices are needed, {missing.Free} are free"));
            Context.Parent.Tell(new JobSettled(_record.Id));
        });
        Receive<DevicesLeased>(leased =>
        {
            _devices = leased.Devices;
            Become(Fencing);
            Context.Parent.Tell(new ListNodes());
        });
        Receive<StopJob>(_ => Fail("the job was stopped while it waited for devices"));
        ReceiveFollowers();
        ReceiveLate();
    }

    private void Fencing()
    {
        Receive<NodesListed>(Fence);
        Receive<JobFenced>(fenced => Do(new JobEvent.NodeFenced(fenced.Generation.Value, fenced.Node, [.. fenced.Held.Select(h => h.ToHeld())])));
        Receive<NodeDead>(dead => Of(dead.Generation, () => Do(new JobEvent.NodeLost(dead.Address))));
        Receive<FenceTimedOut>(_ => Do(new JobEvent.FenceExpired()));
        Receive<FenceAgain>(_ => Context.Parent.Tell(new ListNodes()));
        Receive<ClusterRun>(OnOpened);
        Receive<ProfileMeasured>(OnProfile);
        Receive<Refused>(refused => Recover(refused.Reason));
        Receive<RestorePoint>(Install);
        Receive<Status.Failure>(failure => Fail(Unwrapped(failure.Cause).Message));
        ReceiveRequests();
    }

    private void Fence(NodesListed listed)
    {
        (_nodes, _leaving) = (listed.Nodes, listed.Leaving);
        Do(new JobEvent.Begun([.. listed.Nodes.Select(n => n.Address)]));
    }

    private void AskForPromises()
    {
        var generation = GenerationNumber.Of(Generation);
        Timers.StartSingleTimer(nameof(FenceTimedOut), new FenceTimedOut(), FenceTimeout);
        foreach (var node in _nodes)
        {
            Remember(node);
            NodeActor(node.Address).Tell(new FenceJob(_record.Id, generation));
            DataPort.IsDeadAsync(node, _stopping.Token).PipeTo(
                Self, success: dead => dead ? new NodeDead(generation, node.Address) : new NodeThere());
        }
    }

    private void Remember(NodeOffer node) =>
        NodeActor(node.Address).Tell(new RememberJob(_record with { RunDirectory = _run?.Started.RunDirectory ?? _record.RunDirectory }));

    private void WaitForMajority()
    {
        Timers.Cancel(nameof(FenceTimedOut));
        Note($"waits: most of the nodes are silent ({string.Join(", ", _state.Silent)}), and may go on without this one");
        Timers.StartSingleTimer(nameof(FenceAgain), new FenceAgain(), FencePause);
    }

    private void Choose()
    {
        Timers.Cancel(nameof(FenceTimedOut));
        _recovery?.Mark("fence");
        if (_devices.IsEmpty || _devices.Any(d => Living.All(node => node.Uid != d.Slot.Uid)))
        {
            if (!_state.Lost.IsEmpty)
                Note($"{string.Join(", ", _state.Lost)} does not answer");
            Lease([.. _nodes.Where(n => _state.Lost.Contains(n.Address)).Select(n => n.Uid)]);
            return;
        }

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
            Install(point);
            return;
        }

        var (run, node, id, generation) = (_run!, _node, _record.Id, Generation);
        Task.Run(() => run.LoadCheckpoint(node, id, generation)).PipeTo(Self, failure: e => new Status.Failure(e));
    }
}
