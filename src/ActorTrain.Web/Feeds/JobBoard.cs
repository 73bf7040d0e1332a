using System.Globalization;
using ActorTrain.Runtime.Cluster.Clients;
using ActorTrain.Runtime.Cluster.Protocol;

namespace ActorTrain.Web.Feeds;

/// <summary>The jobs of a cluster: looks for new ones, and follows each from when it hears of it.</summary>
internal sealed class JobBoard : IAsyncDisposable
{
    private const int MostJobs = 50;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly IClusterSource _source;
    private readonly TimeProvider _clock;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();
    private readonly List<JobFeed> _feeds = [];
    private readonly Dictionary<string, Task> _following = [];
    private readonly long _epoch;
    private readonly Task _watching;

    /// <summary>Begins to watch.</summary>
    /// <param name="source">Knows the jobs.</param>
    /// <param name="clock">Stamps events.</param>
    public JobBoard(IClusterSource source, TimeProvider clock)
    {
        (_source, _clock, _epoch) = (source, clock, clock.GetUtcNow().ToUnixTimeMilliseconds());
        _watching = Task.Run(WatchAsync);
    }

    /// <summary>The jobs, newest first.</summary>
    public IReadOnlyList<JobFeed> Feeds
    {
        get
        {
            lock (_gate)
                return [.. _feeds.AsEnumerable().Reverse()];
        }
    }

    /// <summary>A job by its id, or the newest of a name; null when there is none.</summary>
    public JobFeed? Find(string name)
    {
        var feeds = Feeds;
        return feeds.FirstOrDefault(feed => feed.Id == name) ?? feeds.FirstOrDefault(feed => feed.Summary.Name == name);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll([_watching, .. _following.Values]).ConfigureAwait(false);
        _stopping.Dispose();
    }

    private async Task WatchAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                foreach (var job in await _source.JobsAsync().WaitAsync(_stopping.Token).ConfigureAwait(false))
                    FollowIfNew(job);
                await Task.Delay(Pause, _clock, _stopping.Token).ConfigureAwait(false);
            }
            catch (ClusterUnavailableException)
            {
                // The supervisor is moving, or there is none yet: the next time perhaps.
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
            }
        }
    }

    private void FollowIfNew(JobEntry job)
    {
        var feed = Feeds.FirstOrDefault(f => f.Id == job.Id) ?? Open(job);
        if (feed.IsOver || _following.TryGetValue(job.Id, out var following) && !following.IsCompleted)
            return;
        _following[job.Id] = Task.Run(() => PumpAsync(feed));
    }

    private JobFeed Open(JobEntry job)
    {
        var feed = new JobFeed(job, _epoch, _clock);
        lock (_gate)
        {
            _feeds.Add(feed);
            if (_feeds.Count > MostJobs && _feeds.Find(f => f.IsOver) is { } oldest)
                _feeds.Remove(oldest);
        }

        return feed;
    }

    private async Task PumpAsync(JobFeed feed)
    {
        try
        {
            await foreach (var news in _source.Follow(feed.Id).ReadAllAsync(_stopping.Token).ConfigureAwait(false))
                feed.Add(news);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
        }
        catch (Exception e) when (e is ClusterUnavailableException or JobRefusedException)
        {
            feed.Add(new JobNoted(string.Create(CultureInfo.InvariantCulture, $"{e.Message}; asking again")));
        }
    }
}
