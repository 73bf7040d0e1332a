using System.Threading.Channels;
using ActorTrain.Core.Training;
using ActorTrain.Hosting.Runs;
using ActorTrain.Runtime.Cluster.Clients;
using ActorTrain.Runtime.Cluster.Protocol;
using Microsoft.Extensions.Logging;

namespace ActorTrain.Hosting;

/// <summary>A run in a cluster, followed from here.</summary>
internal sealed class ClusterRun : IRunBackend
{
    private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly JobClient _client;
    private readonly RunLog _log;

    private ClusterRun(JobClient client, string job, ChannelReader<IJobNews> news, ILogger logger)
    {
        _log = new RunLog(logger, job);
        (_client, Job) = (client, job);
        Completion = Task.Run(() => FollowAsync(news));
    }

    /// <inheritdoc/>
    public string Job { get; }

    /// <inheritdoc/>
    public Task<TrainingResult> Completion { get; }

    /// <inheritdoc/>
    public RunBroadcast Events { get; } = new();

    /// <summary>Gives a job to a cluster.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="name">What the job's text is called in errors.</param>
    /// <param name="text">The whole job in HOCON.</param>
    /// <param name="logger">Is told what happens.</param>
    public static async Task<ClusterRun> SubmitAsync(TrainingCluster cluster, string name, string text, ILogger logger)
    {
        var client = await JobClient.ConnectAsync(cluster.Contact, cluster.Tls).ConfigureAwait(false);
        try
        {
            var (job, news) = await client.SubmitAsync(name, text).ConfigureAwait(false);
            return new ClusterRun(client, job, news, logger);
        }
        catch
        {
            await client.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    public Task PauseAsync(CancellationToken cancellationToken) => throw OnlyHere("paused");

    /// <inheritdoc/>
    public Task ResumeAsync(CancellationToken cancellationToken) => throw OnlyHere("paused");

    /// <inheritdoc/>
    public Task<CheckpointWritten> CheckpointAsync(CancellationToken cancellationToken) => throw OnlyHere("asked for a checkpoint");

    /// <inheritdoc/>
    public void Stop() => _client.Stop(Job);

    /// <inheritdoc/>
    public async Task LeaveAsync()
    {
        _left.TrySetResult();
        await ((Task)Completion).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static NotSupportedException OnlyHere(string what) => new(
        $"only a run in this process can be {what}; a cluster's can be stopped, and writes checkpoints as its job says (checkpoint.every)");

    private async Task<TrainingResult> FollowAsync(ChannelReader<IJobNews> news)
    {
        try
        {
            await using (_client)
            {
                while (await NextAsync(news).ConfigureAwait(false) is { } item)
                {
                    if (item is JobEnded ended)
                        return ended.Result is { } result ? End(JobNews.FromMessage(result)) : throw new TrainingFailedException(ended.Failure ?? "the job failed");
                    foreach (var happened in EventsOf(item))
                        Publish(happened);
                }

                throw new ClusterUnavailableException("the cluster told no more of the job");
            }
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            _log.Failed(e);
            throw;
        }
        finally
        {
            Events.Complete();
        }
    }

    private async Task<IJobNews?> NextAsync(ChannelReader<IJobNews> news)
    {
        var more = news.WaitToReadAsync().AsTask();
        await Task.WhenAny(more, _left.Task).ConfigureAwait(false);
        if (!more.IsCompleted)
            throw new OperationCanceledException($"the host stopped following '{Job}', which goes on in the cluster");
        return await more.ConfigureAwait(false) && news.TryRead(out var item) ? item : null;
    }

    private static IEnumerable<TrainingEvent> EventsOf(IJobNews news) => news switch
    {
        JobStarted started => [JobNews.Summary(started, () => []).ToEvent()],
        JobStepped step => JobNews.Events(step),
        JobReplanned plan => [plan.Value],
        JobNoted note => [new RunNoted(note.Text)],
        _ => [],
    };

    private void Publish(TrainingEvent happened)
    {
        _log.Event(happened);
        Events.Publish(happened);
    }

    private TrainingResult End(TrainingResult result)
    {
        _log.Ended(result);
        return result;
    }
}
