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
internal sealed partial class JobSupervisor : ReceiveActor, IWithTimers
{
    // How long after its start a supervisor waits for nodes to say which jobs there are already.
    private static readonly TimeSpan AdoptTime = TimeSpan.FromSeconds(3);
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
    private readonly Dictionary<string, string> _sources = [];
    private readonly List<(IActorRef Job, LeaseDevices Wish)> _queue = [];
    private readonly Dictionary<string, JobRecord> _remembered = [];
    private readonly Dictionary<int, (IActorRef Asked, HashSet<string> Jobs)> _leaving = [];
    private readonly List<(IActorRef Sender, Protocol.IClusterMessage Request)> _early = [];
    private bool _adopting = true;
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
        Receive<ListJobs>(_ => Sender.Tell(new JobList([.. _sources.Select(job => new JobEntry(job.Key, job.Value, _over.ContainsKey(job.Key)))])));
        Receive<SubmitJob>(OnSubmit);
        Receive<FollowJob>(follow => Route(follow.Job, follow));
        Receive<StopJob>(stop => Route(stop.Job, stop));
        Receive<LeaseDevices>(OnLease);
        Receive<ListNodes>(_ => Sender.Tell(new NodesListed([.. _register.Nodes], _register.Draining)));
        Receive<NodeLeaving>(OnLeaving);
        Receive<DeviceDied>(died => _jobs.GetValueOrDefault(died.Job)?.Forward(died));
        Receive<JobSettled>(settled => ReleaseLeaving(settled.Job));
        Receive<AdoptJobs>(_ => Adopt());
        Receive<JobOver>(over => _over[over.Job] = over.Ended);
        Receive<Terminated>(OnJobGone);
        ReceiveCommands();
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
        Timers.StartSingleTimer(nameof(AdoptJobs), new AdoptJobs(), AdoptTime);
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
        TellFree();
    }

    // A supervisor that takes over from one that is gone: the nodes remember its jobs.
    private void Adopt()
    {
        if (!_adopting)
            return;
        _adopting = false;
        foreach (var job in _remembered.Values.Where(j => !_jobs.ContainsKey(j.Id)))
        {
            _log.Warning("takes job {0} over, after generation {1}", job.Id, job.Generation.Value);
            Begin(job, ActorRefs.Nobody);
        }

        foreach (var (sender, request) in _early)
            Self.Tell(request, sender);
        _early.Clear();
    }

    private void OnLease(LeaseDevices wish)
    {
        _register.Release(wish.Job);
        foreach (var slot in wish.Lost.SelectMany(uid => _register.Suspect(uid)))
            _unprobed.Add(slot);
        _queue.RemoveAll(waiting => waiting.Wish.Job == wish.Job);
        _queue.Add((Sender, wish));
        ServeQueue();
        if (_queue.Any(waiting => waiting.Wish == wish))
            Sender.Tell(new DevicesMissing(_register.Free.Length));
    }

    private void OnLeaving(NodeLeaving leaving)
    {
        var address = _register.Nodes.FirstOrDefault(n => n.Uid == leaving.Uid)?.Address ?? "";
        var jobs = _register.Drain(leaving.Uid);
        _leaving[leaving.Uid] = (Sender, [.. jobs]);
        foreach (var job in jobs)
            if (_jobs.TryGetValue(job, out var actor))
                actor.Tell(new NodeDraining(address));
        ReleaseLeaving(job: null);
    }

    // A job that has other devices does without the node once its state is safe elsewhere.
    private void ReleaseLeaving(string? job)
    {
        foreach (var (uid, (asked, jobs)) in _leaving.ToList())
        {
            if (job is not null && !_register.JobsOn(uid).Contains(job))
                jobs.Remove(job);
            if (jobs.Count > 0)
                continue;
            _leaving.Remove(uid);
            asked.Tell(new NodeReleased(uid));
        }
    }

    private void TellFree()
    {
        if (_queue.Count > 0)
            return;
        foreach (var job in _jobs.Values)
            job.Tell(new DevicesFree(_register.Free));
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
        _unprobed.UnionWith(_register.Add(offer with { Jobs = [] }));
        foreach (var job in offer.Jobs)
            if (!_remembered.TryGetValue(job.Id, out var known) || known.Generation.Value < job.Generation.Value)
                _remembered[job.Id] = job;
        if (_adopting && _undescribed.Count == 0 && _remembered.Count > 0)
            Adopt();
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
        Begin(new JobRecord(id, submit.Name, submit.Text, new GenerationNumber(0, 0), null), Sender);
    }

    private void Begin(JobRecord record, IActorRef submitter)
    {
        var job = Context.ActorOf(ClusterJobActor.Props(record, submitter, _node, _slots, _runs), record.Id);
        _jobs[record.Id] = job;
        _sources[record.Id] = record.Name;
        Context.Watch(job);
    }

    private void Route(string job, ISupervisorRequest request)
    {
        if (_jobs.TryGetValue(job, out var actor))
            actor.Forward(request);
        else if (_over.TryGetValue(job, out var ended))
            Sender.Tell(ended);
        else if (_adopting)
            _early.Add((Sender, request));
        else
            Sender.Tell(new Refused($"there is no job {job}", IsUsage: false));
    }

    // In the order of arrival: a job that needs many devices is not passed by small ones for ever.
    private void ServeQueue()
    {
        while (_queue is [var (job, wish), ..])
        {
            var devices = _register.Lease(wish.Job, wish.Least, wish.Most, wish.Preferred);
            if (devices.IsEmpty)
                return;
            _queue.RemoveAt(0);
            job.Tell(new DevicesLeased(devices));
        }

        TellFree();
    }

    private void OnJobGone(Terminated gone)
    {
        var id = gone.ActorRef.Path.Name;
        _jobs.Remove(id);
        _over.TryAdd(id, new JobEnded("the job's actor stopped; the log of the node with the supervisor says why", null));
        _queue.RemoveAll(waiting => waiting.Wish.Job == id);
        _register.Release(id);
        ServeQueue();
        ReleaseLeaving(id);
    }

    private sealed record Tick;

    private sealed record AdoptJobs;
}
