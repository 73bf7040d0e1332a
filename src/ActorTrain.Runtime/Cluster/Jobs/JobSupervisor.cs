using System.Globalization;
using ActorTrain.Runtime.Cluster.Nodes;
using ActorTrain.Runtime.Cluster.Protocol;
using ActorTrain.Runtime.Cluster.Slots;
using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Sharding;
using Akka.Event;

namespace ActorTrain.Runtime.Cluster.Jobs;

/// <summary>
/// The cluster's one supervisor of jobs: knows all devices, gives them to jobs, and has a child for each job.
/// </summary>
internal sealed class JobSupervisor : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan AskAgain = TimeSpan.FromMilliseconds(250);

    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly Akka.Cluster.Cluster _cluster = Akka.Cluster.Cluster.Get(Context.System);
    private readonly NodeServices _node;
    private readonly IActorRef _slots;
    private readonly IRunHost _runs;
    private readonly NodeRegister _register = new();
    private readonly Dictionary<int, Address> _undescribed = [];
    private readonly HashSet<SlotId> _unprobed = [];
    private readonly Dictionary<string, IActorRef> _jobs = [];
    private readonly Dictionary<string, JobEnded> _over = [];
    private readonly List<(IActorRef Job, LeaseDevices Wish)> _queue = [];
    private int _submitted;

    public JobSupervisor(NodeServices node, IActorRef slots, IRunHost runs)
    {
        (_node, _slots, _runs) = (node, slots, runs);
        Receive<ClusterEvent.MemberUp>(up => OnUp(up.Member));
        Receive<ClusterEvent.MemberRemoved>(removed => OnRemoved(removed.Member));
        Receive<ClusterEvent.IMemberEvent>(_ => { });
        Receive<Tick>(_ => AskThoseWhoHaveNotAnswered());
        Receive<NodeOffer>(OnOffer);
        Receive<CurrentRegions>(Probe);
        Receive<SlotReady>(OnSlotReady);
        Receive<ListDevices>(_ => Sender.Tell(new DeviceList([.. _register.Ready.Select(d => d.ToString())])));
        Receive<SubmitJob>(OnSubmit);
        Receive<FollowJob>(follow => Route(follow.Job, follow));
        Receive<StopJob>(stop => Route(stop.Job, stop));
        Receive<LeaseDevices>(wish =>
        {
            _queue.Add((Sender, wish));
            ServeQueue();
        });
        Receive<JobOver>(over => _over[over.Job] = over.Ended);
        Receive<Terminated>(OnJobGone);
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>How to make the actor.</summary>
    public static Props Props(NodeServices node, IActorRef slots, IRunHost runs) =>
        Akka.Actor.Props.Create(() => new JobSupervisor(node, slots, runs));

    // A job that throws has lost its place; its followers hear that it failed, and the other jobs go on.
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    protected override void PreStart()
    {
        _cluster.Subscribe(Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.IMemberEvent));
        Timers.StartPeriodicTimer(nameof(Tick), new Tick(), AskAgain);
    }

    protected override void PostStop() => _cluster.Unsubscribe(Self);

    private void OnUp(Member member)
    {
        if (!member.HasRole(NodeRoles.Worker))
            return;
        _undescribed[member.UniqueAddress.Uid] = member.Address;
        Describe(member.Address);
    }

    private void OnRemoved(Member member)
    {
        var uid = member.UniqueAddress.Uid;
        _undescribed.Remove(uid);
        _unprobed.RemoveWhere(slot => slot.Uid == uid);
        foreach (var job in _register.Remove(uid))
            if (_jobs.TryGetValue(job, out var actor))
                actor.Tell(new NodeLost(member.Address.HostAndPort()));
    }

    // Messages to a node that has just come up, or to a shard that is being placed, may be lost.
    private void AskThoseWhoHaveNotAnswered()
    {
        foreach (var address in _undescribed.Values)
            Describe(address);
        if (_unprobed.Count > 0)
            _slots.Tell(GetCurrentRegions.Instance);
    }

    // Slots of a node whose region does not take part in sharding yet would have no place to go.
    private void Probe(CurrentRegions current)
    {
        var nodes = current.Regions.Select(address => address.HostAndPort()).ToHashSet();
        foreach (var slot in _unprobed.Where(slot => nodes.Contains(slot.Address)))
            _slots.Tell(new ProbeSlot(slot.Probe));
    }

    private static void Describe(Address node) => Context.ActorSelection(NodeGuardian.NodeActorOf(node)).Tell(new DescribeNode());

    private void OnOffer(NodeOffer offer)
    {
        if (!_undescribed.Remove(offer.Uid))
            return;
        _unprobed.UnionWith(_register.Add(offer));
    }

    private void OnSlotReady(SlotReady ready)
    {
        if (!SlotId.TryParse(ready.Entity, out var slot) || !_unprobed.Remove(slot))
            return;
        _register.MarkReady(slot);
        _log.Info("{0} {1} is ready", slot.Address, slot.Device);
        ServeQueue();
    }

    private void OnSubmit(SubmitJob submit)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"job-{_cluster.SelfUniqueAddress.Uid:x8}-{++_submitted}");
        var job = Context.ActorOf(ClusterJobActor.Props(id, submit, Sender, _node, _slots, _runs), id);
        _jobs[id] = job;
        Context.Watch(job);
    }

    private void Route(string job, ISupervisorRequest request)
    {
        if (_jobs.TryGetValue(job, out var actor))
            actor.Forward(request);
        else if (_over.TryGetValue(job, out var ended))
            Sender.Tell(ended);
        else
            Sender.Tell(new Refused($"there is no job {job}", IsUsage: false));
    }

    // In the order of arrival: a job that needs many devices is not passed by small ones for ever.
    private void ServeQueue()
    {
        while (_queue is [var (job, wish), ..])
        {
            var devices = _register.Lease(wish.Job, wish.Least, wish.Most);
            if (devices.IsEmpty)
                return;
            _queue.RemoveAt(0);
            job.Tell(new DevicesLeased(devices));
        }
    }

    private void OnJobGone(Terminated gone)
    {
        var id = gone.ActorRef.Path.Name;
        _jobs.Remove(id);
        _queue.RemoveAll(waiting => waiting.Wish.Job == id);
        _register.Release(id);
        ServeQueue();
    }

    private sealed record Tick;
}
