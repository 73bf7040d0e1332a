using System.Text.Json;
using ActorTrain.Compute.Training;
using ActorTrain.Core.Failpoints;
using ActorTrain.Core.Plans;
using ActorTrain.Runtime.Cluster.Protocol;
using ActorTrain.Runtime.Cluster.Slots;
using ActorTrain.Runtime.Cluster.Snapshots;
using ActorTrain.Runtime.Edges;
using Akka.Actor;
using Akka.Event;

namespace ActorTrain.Runtime.Cluster.Nodes;

/// <summary>
/// Answers for a node: what it offers, what a job's layers take on its devices, which snapshots it has. Keeps the promise
/// of a fence: once it has answered, nothing of an older generation runs here or is let in.
/// </summary>
internal sealed class NodeActor : ReceiveActor
{
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly Dictionary<string, NodeJob> _jobs = [];
    private readonly NodeServices _node;
    private readonly NodeOffer _offer;

    public NodeActor(NodeServices node, IReadOnlyList<DeviceOffer> devices)
    {
        _node = node;
        _offer = new NodeOffer(Akka.Cluster.Cluster.Get(Context.System).SelfUniqueAddress.Uid, node.Address, node.DataPlane, devices, [], node.Parent);
        Receive<DescribeNode>(_ => Sender.Tell(_offer with { Jobs = [.. _jobs.Values.Select(j => j.Record).OfType<JobRecord>()] }));
        Receive<MeasureProfile>(OnMeasure);
        Receive<RememberJob>(remember => Of(remember.Job.Id).Remember(remember.Job));
        Receive<ForgetJob>(OnForget);
        Receive<FenceJob>(OnFence);
        Receive<StageOpened>(OnStageOpened);
        Receive<Terminated>(OnStageGone);
        Receive<RollBack>(back => _node.Snapshots.ForgetAfter(back.Job, back.Step, back.Generation.Value));
        Receive<SnapshotCommitted>(OnCommitted);
        Receive<KeepSnapshots>(OnKeep);
        Receive<PushLayers>(OnPush);
        Receive<ReadClock>(read => Sender.Tell(new ClockRead(_offer.Address, read.Sent, Clock.Seconds)));
    }

    /// <summary>How to make the actor.</summary>
    public static Props Props(NodeServices node, IReadOnlyList<DeviceOffer> devices) =>
        Akka.Actor.Props.Create(() => new NodeActor(node, devices));

    protected override void PostStop()
    {
        foreach (var job in _jobs.Values)
            job.Dispose();
    }

    private void OnMeasure(MeasureProfile request)
    {
        var node = _node;
        Task.Run(() => MeasureAsync(node, request)).PipeTo(
            Sender,
            Self,
            profile => new ProfileMeasured(JsonSerializer.Serialize(profile)),
            e => new Refused($"{_offer.Address} cannot measure job {request.Job}: {e.GetBaseException().Message}", IsUsage: false));
    }

    private static async Task<ModelProfile> MeasureAsync(NodeServices node, MeasureProfile request)
    {
        using var job = node.Resolve(request.Job, request.Text);
        var device = node.Devices.FirstOrDefault(d => d.Spec.ToString() == request.Device)
            ?? throw new InvalidOperationException($"this node does not offer {request.Device}");
        return await device.Executor.Run("profile", () => LayerProfiler.Measure(job, device.Executor.Device)).ConfigureAwait(false);
    }

    private void OnForget(ForgetJob forget)
    {
        if (_jobs.Remove(forget.Job, out var job))
            job.Dispose();
        _node.Snapshots.Forget(forget.Job);
    }

    private void OnFence(FenceJob fence)
    {
        var job = Of(fence.Job);
        if (fence.Generation.Value < job.Promised)
            return;
        FailpointTrap.Reach(Failpoint.BeforeFence, job.Role);
        job.Fence(fence.Generation.Value, Sender);
        _node.Snapshots.Promise(fence.Job, fence.Generation.Value);
        AnswerFence(fence.Job, job);
    }

    private void AnswerFence(string id, NodeJob job)
    {
        if (job.TakeFenced() is not { } asked)
            return;
        asked.Tell(new JobFenced(GenerationNumber.Of(job.Promised), _offer.Address, _node.Snapshots.Inventory(id)));
        FailpointTrap.Reach(Failpoint.AfterFence, job.Role);
        job.EndRole();
    }

    private void OnStageOpened(StageOpened opened)
    {
        Context.Watch(Sender);
        Of(opened.Job).Open(opened.Generation, Sender);
    }

    private void OnStageGone(Terminated gone)
    {
        foreach (var (id, job) in _jobs)
            if (job.Close(gone.ActorRef))
                AnswerFence(id, job);
    }

    private void OnCommitted(SnapshotCommitted committed)
    {
        var role = Of(committed.Job).Role;
        FailpointTrap.Reach(Failpoint.BeforeCommit, role);
        _node.Snapshots.ForgetBefore(committed.Job, committed.Step, committed.Generation.Value);
        FailpointTrap.Reach(Failpoint.AfterCommit, role);
    }

    private void OnKeep(KeepSnapshots keep)
    {
        var job = Of(keep.Job);
        if (keep.Generation.Value < job.Promised)
            return;
        job.Keep();
        new BuddyReceiver(_node, keep).RunAsync(job.Cancelled).ContinueWith(
            ended => _log.Warning("copies of stage {0} of {1} are not taken any more: {2}", keep.Stage, keep.Job, ended.Exception!.GetBaseException().Message),
            CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        Sender.Tell(new KeeperReady(keep.Generation, keep.Stage));
    }

    private void OnPush(PushLayers push)
    {
        if (_node.Snapshots.Use(push.Job, push.Step, push.Layers) is not { } use)
        {
            _log.Warning("{0} asks for layers of step {1} of {2}, which are not here any more", Sender.Path.Address, push.Step, push.Job);
            return;
        }

        PushAsync(_node, push, use).ContinueWith(
            ended => _log.Warning("layers of step {0} of {1} were not sent: {2}", push.Step, push.Job, ended.Exception!.GetBaseException().Message),
            CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
    }

    private static async Task PushAsync(NodeServices node, PushLayers push, SnapshotUse use)
    {
        using (use)
        {
            await SnapshotSender.SendAsync(
                push.To.EndPoint, EdgeId.SnapshotChannel(push.Job, push.Generation.Value, push.Channel), push.Token, node.Tls, use.Progress, use.Layers,
                CancellationToken.None).ConfigureAwait(false);
        }
    }

    private NodeJob Of(string id)
    {
        if (!_jobs.TryGetValue(id, out var job))
            _jobs[id] = job = new NodeJob();
        return job;
    }
}
