using System.Threading.Channels;
using ActorTrain.Runtime.Cluster.Protocol;
using Akka.Actor;

namespace ActorTrain.Runtime.Cluster.Clients;

/// <summary>Takes the rows of a stream, batch by batch. The stream ends with this actor.</summary>
internal sealed class StreamReaderActor : ReceiveActor
{
    private static readonly TimeSpan OpenTimeout = TimeSpan.FromSeconds(10);

    private readonly ChannelWriter<StreamRows> _batches;
    private readonly IActorRef _guardian;
    private readonly RunCommand _command;
    private IActorRef _stream = ActorRefs.Nobody;

    public StreamReaderActor(IActorRef guardian, string contact, RunCommand command, ChannelWriter<StreamRows> batches)
    {
        (_guardian, _command, _batches) = (guardian, command, batches);
        Receive<StreamOpened>(_ =>
        {
            Context.SetReceiveTimeout(null);
            _stream = Context.Watch(Sender);
            _stream.Tell(new NextRows());
        });
        Receive<StreamRows>(rows =>
        {
            _batches.TryWrite(rows);
            if (rows.IsLast)
                End(null);
        });
        Receive<NextRows>(more => _stream.Tell(more));
        Receive<Refused>(refused => End(new JobRefusedException(refused.Reason, refused.IsUsage)));
        Receive<Terminated>(_ => End(new ClusterUnavailableException($"{contact} does not answer any more")));
        Receive<ReceiveTimeout>(_ => End(new ClusterUnavailableException($"{contact} did not answer within {OpenTimeout.TotalSeconds:F0} s")));
    }

    /// <summary>How to make the actor.</summary>
    /// <param name="guardian">The contact's guardian.</param>
    /// <param name="contact">The contact, as <c>HOST:PORT</c>.</param>
    /// <param name="command">What is asked.</param>
    /// <param name="batches">Gets the rows.</param>
    public static Props Props(IActorRef guardian, string contact, RunCommand command, ChannelWriter<StreamRows> batches) =>
        Akka.Actor.Props.Create(() => new StreamReaderActor(guardian, contact, command, batches));

    protected override void PreStart()
    {
        Context.SetReceiveTimeout(OpenTimeout);
        _guardian.Tell(_command);
    }

    private void End(Exception? failure)
    {
        _batches.TryComplete(failure);
        Context.Stop(Self);
    }
}
