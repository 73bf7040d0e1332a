using System.Threading.Channels;
using ActorTrain.Runtime.Cluster.Protocol;
using Akka.Actor;

namespace ActorTrain.Runtime.Cluster.Clients;

/// <summary>Submits a job and passes on what happens to it.</summary>
internal sealed class FollowActor : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan AcceptTimeout = TimeSpan.FromSeconds(30);

    private readonly IActorRef _guardian;
    private readonly SubmitJob _submit;
    private readonly string _contact;
    private readonly TaskCompletionSource<string> _accepted;
    private readonly ChannelWriter<IJobNews> _news;

    public FollowActor(
        IActorRef guardian, SubmitJob submit, string contact, TaskCompletionSource<string> accepted, ChannelWriter<IJobNews> news)
    {
        (_guardian, _submit, _contact, _accepted, _news) = (guardian, submit, contact, accepted, news);
        Receive<JobAccepted>(taken =>
        {
            Timers.Cancel(nameof(Tick));
            _accepted.TrySetResult(taken.Job);
        });
        Receive<Refused>(refused => Fail(new JobRefusedException(refused.Reason, refused.IsUsage)));
        Receive<IJobNews>(OnNews);
        Receive<Terminated>(_ => Fail(new ClusterUnavailableException($"the contact {_contact} is lost; the job may go on without it")));
        Receive<Tick>(_ => Fail(new ClusterUnavailableException($"the cluster of {_contact} took no job within {AcceptTimeout.TotalSeconds:F0} s; has it a node with the role supervisor?")));
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>How to make the actor.</summary>
    public static Props Props(
        IActorRef guardian, SubmitJob submit, string contact, TaskCompletionSource<string> accepted, ChannelWriter<IJobNews> news) =>
        Akka.Actor.Props.Create(() => new FollowActor(guardian, submit, contact, accepted, news));

    protected override void PreStart()
    {
        Context.Watch(_guardian);
        _guardian.Tell(_submit);
        Timers.StartSingleTimer(nameof(Tick), new Tick(), AcceptTimeout);
    }

    private void OnNews(IJobNews news)
    {
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
}
