using System.Runtime.CompilerServices;
using System.Threading.Channels;
using ActorTrain.Admin;
using ActorTrain.Runtime.Cluster.Admin;
using ActorTrain.Runtime.Cluster.Protocol;
using Akka.Actor;

namespace ActorTrain.Runtime.Cluster.Clients;

/// <summary>The commands of the admin shell.</summary>
public sealed partial class JobClient
{
    // As long as a step may take.
    private static readonly TimeSpan StepPatience = TimeSpan.FromMinutes(10);

    /// <summary>Carries a command out whose answer is a table or an object.</summary>
    /// <param name="call">The command.</param>
    /// <exception cref="JobRefusedException">The cluster does not carry it out.</exception>
    /// <exception cref="ClusterUnavailableException">The contact is lost.</exception>
    public async Task<CommandAnswer> RunAsync(CommandCall call)
    {
        var answer = await AskAsync<IClusterMessage>(call.ToMessage(), call.Command.AwaitsStep ? StepPatience : Patience).ConfigureAwait(false);
        return answer switch
        {
            CommandAnswered answered => answered.ToAnswer(call.Command),
            Refused refused => throw new JobRefusedException(refused.Reason, refused.IsUsage),
            _ => throw new ClusterUnavailableException($"{_contact} answered with a {answer.GetType().Name}; it may be of another version"),
        };
    }

    /// <summary>Submits a job that nobody follows.</summary>
    /// <param name="name">What the job's text is called in errors.</param>
    /// <param name="text">The whole job in HOCON.</param>
    /// <returns>The job's id.</returns>
    /// <exception cref="JobRefusedException">The cluster does not take the job.</exception>
    /// <exception cref="ClusterUnavailableException">The contact is lost.</exception>
    public async Task<string> SubmitUnfollowedAsync(string name, string text) =>
        await AskAsync<ISupervisorMessage>(new SubmitJob(name, text), Patience * 3).ConfigureAwait(false) switch
        {
            JobAccepted accepted => accepted.Job,
            Refused refused => throw new JobRefusedException(refused.Reason, refused.IsUsage),
            var other => throw new ClusterUnavailableException($"{_contact} answered with a {other.GetType().Name}; it may be of another version"),
        };

    /// <summary>Carries a command out whose answer is a stream. The rows are asked for as they are taken.</summary>
    /// <param name="call">The command.</param>
    /// <param name="cancelled">Ends the stream.</param>
    /// <returns>Answers that follow each other, each with some rows.</returns>
    /// <exception cref="JobRefusedException">The cluster does not carry it out.</exception>
    /// <exception cref="ClusterUnavailableException">The contact is lost.</exception>
    public async IAsyncEnumerable<CommandAnswer> StreamAsync(CommandCall call, [EnumeratorCancellation] CancellationToken cancelled = default)
    {
        var batches = Channel.CreateUnbounded<StreamRows>();
        var reader = _system.ActorOf(StreamReaderActor.Props(_guardian, _contact, call.ToMessage(), batches.Writer));
        try
        {
            await foreach (var batch in batches.Reader.ReadAllAsync(cancelled).ConfigureAwait(false))
            {
                yield return new CommandAnswer(call.Command, [.. batch.Rows.Select(row => AdminMessages.ToRow(row, call.Command))], batch.LeftOut);
                reader.Tell(new NextRows(), ActorRefs.NoSender);
            }
        }
        finally
        {
            _system.Stop(reader);
        }
    }
}
