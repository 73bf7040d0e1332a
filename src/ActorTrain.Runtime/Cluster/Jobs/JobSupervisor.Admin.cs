using System.Collections.Immutable;
using ActorTrain.Admin;
using ActorTrain.Runtime.Cluster.Admin;
using ActorTrain.Runtime.Cluster.Protocol;
using Akka.Actor;

namespace ActorTrain.Runtime.Cluster.Jobs;

/// <summary>The admin shell's commands about jobs: which job is meant, and what is known of all.</summary>
internal sealed partial class JobSupervisor
{
    private static readonly TimeSpan DescribeTimeout = TimeSpan.FromSeconds(3);

    private readonly Dictionary<string, JobSummary> _summaries = [];

    private void ReceiveCommands()
    {
        Receive<RunCommand>(OnCommand);
        Receive<JobSummary>(summary => _summaries[summary.Job] = summary);
    }

    private void OnCommand(RunCommand run)
    {
        try
        {
            var call = run.ToCall();
            if (_adopting && (call["job"] is not { } job || !_jobs.ContainsKey(job)))
                _early.Add((Sender, run));
            else if (call.Command.FullName == "train list")
                List(call.Command);
            else
                HandOn(call, run);
        }
        catch (CommandUsageException e)
        {
            Sender.Tell(new Refused(e.Message, IsUsage: true));
        }
        catch (CommandRefusedException e)
        {
            Sender.Tell(new Refused(e.Message, IsUsage: false));
        }
    }

    private void HandOn(CommandCall call, RunCommand run)
    {
        var id = JobOf(call);
        if (call.Command.FullName == "train tail")
        {
            Route(id, new FollowJob(id));
            return;
        }

        if (!_jobs.TryGetValue(id, out var job))
        {
            Sender.Tell(call.Command.FullName == "train status"
                ? JobAnswers.Ended(call.Command, SummaryOf(id), _over[id]).ToMessage()
                : new Refused($"{id} has ended", IsUsage: false));
            return;
        }

        if (call["to"] is { } node && !_register.NodesFor(id).Contains(node))
            throw new CommandRefusedException($"{node} has no device that {id} has or could have; these have: {string.Join(", ", _register.NodesFor(id))}");
        job.Forward(run);
    }

    // A job that has ended is meant only when it is named.
    private string JobOf(CommandCall call)
    {
        if (call["job"] is { } id)
        {
            return _jobs.ContainsKey(id) || _over.ContainsKey(id)
                ? id
                : throw new CommandRefusedException($"there is no job {id}{(_jobs.Count > 0 ? $"; there are {Names(_jobs.Keys)}" : "")}");
        }

        return _jobs.Count switch
        {
            1 => _jobs.Keys.Single(),
            0 => throw new CommandRefusedException("no job runs; 'train list' shows those that have ended"),
            _ => throw new CommandUsageException($"{_jobs.Count} jobs run, so '{call.Command.FullName}' needs --job; there are {Names(_jobs.Keys)}"),
        };
    }

    private void List(CommandDeclaration command)
    {
        ImmutableArray<JobSummary> over = [.. _over.Keys.Select(SummaryOf)];
        Task.WhenAll(_jobs.Select(job => DescribeAsync(job.Key, job.Value))).PipeTo(
            Sender, Self, living => JobAnswers.List(command, [.. living, .. over]).ToMessage());
    }

    private JobSummary SummaryOf(string id) => _summaries.GetValueOrDefault(id) ?? new JobSummary(id, "", "lost", 0, null, null);

    private static async Task<JobSummary> DescribeAsync(string id, IActorRef job)
    {
        try
        {
            return await job.Ask<JobSummary>(new DescribeJob(), DescribeTimeout).ConfigureAwait(false);
        }
        catch (AskTimeoutException)
        {
            return new JobSummary(id, "", "does not answer", 0, null, null);
        }
    }

    private static string Names(IEnumerable<string> jobs) => string.Join(", ", jobs.Order(StringComparer.Ordinal));
}
