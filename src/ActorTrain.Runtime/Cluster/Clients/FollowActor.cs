using System.Threading.Channels;
using ActorTrain.Runtime.Cluster.Nodes;
using ActorTrain.Runtime.Cluster.Protocol;
using Akka.Actor;

namespace ActorTrain.Runtime.Cluster.Clients;

/// <summary>
/// Submits a job, or takes one that runs, and passes on what happens to it. When its contact is lost it goes on with another node of the cluster,
/// for the job does too.
/// </summary>
internal sealed class FollowActor : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan AcceptTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly SubmitJob? _submit;
    private readonly bool _tls;
    private readonly TaskCompletionSource<string> _accepted;
    private readonly ChannelWriter<IJobNews> _news;
    private readonly HashSet<string> _contacts;
    private IActorRef _guardian;
    private string? _job;
    private bool _answered = true;
    private bool _started;
    private long _lastStep;
    private DateTime _lost = DateTime.MaxValue;

    public FollowActor(
        IActorRef guardian, string contact, bool tls, SubmitJob? submit, TaskCompletionSource<string> accepted, ChannelWriter<IJobNews> news)
    {
        (_guardian, _tls, _submit, _accepted, _news) = (guardian, tls, submit, accepted, news);
        _contacts = [contact];
        Receive<JobAccepted>(OnAccepted);
        Receive<Refused>(refused => Fail(new JobRefusedException(refused.Reason, refused.IsUsage)));
        Receive<IJobNews>(OnNews);
        Receive<ClusterHealth>(OnHealth);
        Receive<NotAccepted>(_ => Fail(new ClusterUnavailableException(
            $"the cluster of {contact} took no job within {AcceptTimeout.TotalSeconds:F0} s; has it a node with the role supervisor?")));
        Receive<Tick>(_ => OnTick());
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>How to make the actor.</summary>
    /// <param name="guardian">The contact's guardian.</param>
    /// <param name="contact">The contact, as <c>HOST:PORT</c>.</param>
    /// <param name="tls">Whether the cluster has TLS.</param>
    /// <param name="submit">The job.</param>
    /// <param name="accepted">Gets the job's id.</param>
    /// <param name="news">Gets what happens.</param>
    public static Props Props(
        IActorRef guardian, string contact, bool tls, SubmitJob submit, TaskCompletionSource<string> accepted, ChannelWriter<IJobNews> news) =>
        Akka.Actor.Props.Create(() => new FollowActor(guardian, contact, tls, submit, accepted, news));

    /// <summary>How to make the actor for a job that runs.</summary>
    /// <param name="guardian">The contact's guardian.</param>
    /// <param name="contact">The contact, as <c>HOST:PORT</c>.</param>
    /// <param name="tls">Whether the cluster has TLS.</param>
    /// <param name="job">The job's id.</param>
    /// <param name="news">Gets what happens.</param>
    public static Props Props(IActorRef guardian, string contact, bool tls, string job, ChannelWriter<IJobNews> news)
    {
        var accepted = new TaskCompletionSource<string>();
        accepted.SetResult(job);
        return Akka.Actor.Props.Create(() => new FollowActor(guardian, contact, tls, null, accepted, news));
    }

    protected override void PreStart()
    {
        if (_submit is null)
        {
            OnAccepted(new JobAccepted(_accepted.Task.Result));
            return;
        }

        _guardian.Tell(_submit);
        Timers.StartSingleTimer(nameof(NotAccepted), new NotAccepted(), AcceptTimeout);
    }

    private void OnAccepted(JobAccepted taken)
    {
        _job = taken.Job;
        Timers.Cancel(nameof(NotAccepted));
        Timers.StartPeriodicTimer(nameof(Tick), new Tick(), TimeSpan.Zero, Beat);
        _accepted.TrySetResult(taken.Job);
    }

    // Asking again is harmless, and tells a supervisor that has taken the job over who follows it.
    private void OnTick()
    {
        if (_answered)
        {
            _answered = false;
            _guardian.Tell(new CheckHealth());
            _guardian.Tell(new FollowJob(_job!));
            return;
        }

        if (_lost == DateTime.MaxValue)
        {
            _lost = DateTime.UtcNow;
            _news.TryWrite(new JobNoted("the contact does not answer; trying the other nodes"));
        }

        if (DateTime.UtcNow - _lost > Patience)
        {
            Fail(new ClusterUnavailableException($"none of {string.Join(", ", _contacts)} has answered for {Patience.TotalSeconds:F0} s; the job may go on"));
            return;
        }

        foreach (var contact in _contacts)
            Context.ActorSelection(new RootActorPath(Addresses.Parse(contact, _tls)) / "user" / NodeGuardian.Name).Tell(new CheckHealth());
    }

    private void OnHealth(ClusterHealth health)
    {
        (_guardian, _answered, _lost) = (Sender, true, DateTime.MaxValue);
        _contacts.UnionWith(health.Members);
    }

    // A supervisor that has taken the job over begins its news anew.
    private void OnNews(IJobNews news)
    {
        if ((news is JobStarted && _started) || (news is JobStepped step && step.Step <= _lastStep))
            return;
        _started |= news is JobStarted;
        _lastStep = news is JobStepped stepped ? stepped.Step : _lastStep;
        _news.TryWrite(news);
        if (news is not JobEnded)
            return;
        _news.TryComplete();
        Context.Stop(Self);
    }

    private void Fail(Exception cause)
    {
        _accepted.TrySetException(cause);
        _news.TryComplete(cause);
        Context.Stop(Self);
    }

    private sealed record Tick;

    private sealed record NotAccepted;
}
