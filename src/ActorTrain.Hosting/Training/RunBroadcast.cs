using System.Runtime.CompilerServices;
using System.Threading.Channels;
using ActorTrain.Core.Training;

namespace ActorTrain.Hosting;

/// <summary>Hands a run's events to any number of followers, each at its own pace. Never blocks the run.</summary>
internal sealed class RunBroadcast
{
    private const int Kept = 1000;

    private readonly Lock _gate = new();
    private readonly Queue<TrainingEvent> _history = new();
    private readonly List<Channel<TrainingEvent>> _followers = [];
    private bool _complete;

    /// <summary>Tells all followers.</summary>
    public void Publish(TrainingEvent happened)
    {
        lock (_gate)
        {
            _history.Enqueue(happened);
            if (_history.Count > Kept)
                _history.Dequeue();
            foreach (var follower in _followers)
                follower.Writer.TryWrite(happened);
        }
    }

    /// <summary>Nothing follows.</summary>
    public void Complete()
    {
        lock (_gate)
        {
            _complete = true;
            foreach (var follower in _followers)
                follower.Writer.TryComplete();
        }
    }

    /// <summary>The events kept, and all that follow.</summary>
    public async IAsyncEnumerable<TrainingEvent> FollowAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var follower = Join();
        try
        {
            await foreach (var happened in follower.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
                yield return happened;
        }
        finally
        {
            lock (_gate)
                _followers.Remove(follower);
        }
    }

    private Channel<TrainingEvent> Join()
    {
        var follower = Channel.CreateUnbounded<TrainingEvent>(new UnboundedChannelOptions { SingleReader = true });
        lock (_gate)
        {
            foreach (var happened in _history)
                follower.Writer.TryWrite(happened);
            if (_complete)
                follower.Writer.TryComplete();
            else
                _followers.Add(follower);
        }

        return follower;
    }
}
