using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using ActorTrain.Core.Recovery;
using ActorTrain.Runtime.Cluster.Protocol;
using Akka.Actor;
using Akka.Event;

namespace ActorTrain.Runtime.Cluster.Nodes.Joining;

/// <summary>
/// Lets a node without seeds join its cluster: looks for others, asks each for its cluster, and joins one that is there or,
/// as <see cref="BeginOrJoin"/> decides, begins one. Stops once the node is a member.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "PostStop disposes.")]
internal sealed class JoinBySearch : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(1);

    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly Akka.Cluster.Cluster _cluster = Akka.Cluster.Cluster.Get(Context.System);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Dictionary<string, ImmutableArray<string>> _answers = [];
    private readonly ContactSearch _search;
    private readonly bool _tls;
    private readonly string _self;
    private IReadOnlyCollection<string> _contacts = [];
    private BeginOrJoin _state = BeginOrJoin.First;

    public JoinBySearch(ContactSearch search, bool tls)
    {
        (_search, _tls, _self) = (search, tls, _cluster.SelfAddress.HostAndPort());
        Receive<Tick>(_ => Find());
        Receive<Found>(found => Ask(found.Contacts));
        Receive<Status.Failure>(failure =>
        {
            _log.Warning("other nodes cannot be found: {0}", failure.Cause.Message);
            Timers.StartSingleTimer(nameof(Tick), new Tick(), Round);
        });
        Receive<ClusterHealth>(health => _answers[AddressOf(Sender)] = [.. health.Members]);
        Receive<RoundOver>(_ => Decide());
        Receive<Joined>(_ => Context.Stop(Self));
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>How to make the actor.</summary>
    public static Props Props(ContactSearch search, bool tls) => Akka.Actor.Props.Create(() => new JoinBySearch(search, tls));

    protected override void PreStart()
    {
        var self = Self;
        _cluster.RegisterOnMemberUp(() => self.Tell(new Joined()));
        self.Tell(new Tick());
    }

    protected override void PostStop()
    {
        _stopping.Cancel();
        _stopping.Dispose();
    }

    private void Find() => _search.FindAsync(_stopping.Token).PipeTo(Self, success: contacts => new Found(contacts), failure: e => new Status.Failure(e));

    private void Ask(IReadOnlyCollection<string> contacts)
    {
        _contacts = contacts;
        _answers.Clear();
        foreach (var contact in contacts)
            Context.ActorSelection(new RootActorPath(Addresses.Parse(contact, _tls)) / "user" / NodeGuardian.Name).Tell(new CheckHealth());
        Timers.StartSingleTimer(nameof(RoundOver), new RoundOver(), Round);
    }

    private void Decide()
    {
        _state = _state.Next(_self, _search.Least, _contacts, _answers);
        Timers.StartSingleTimer(nameof(Tick), new Tick(), Round);
        if (_state.Join.IsEmpty)
            return;
        _log.Info("joins through {0}", string.Join(", ", _state.Join));
        if (_state.Join is [var only] && only == _self)
            _cluster.Join(_cluster.SelfAddress);
        else
            _cluster.JoinSeedNodes([.. _state.Join.Where(node => node != _self).Select(node => Addresses.Parse(node, _tls))]);
    }

    // One's own answer comes from a path without a host.
    private string AddressOf(IActorRef sender) => sender.Path.Address.Host is null ? _self : sender.Path.Address.HostAndPort();

    private sealed record Tick;

    private sealed record Found(IReadOnlyCollection<string> Contacts);

    private sealed record RoundOver;

    private sealed record Joined;
}
