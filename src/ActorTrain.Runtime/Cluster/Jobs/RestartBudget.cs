using ActorTrain.Core.Settings;

namespace ActorTrain.Runtime.Cluster.Jobs;

/// <summary>How often a job may still be set back.</summary>
/// <param name="settings">The bound.</param>
/// <param name="time">The clock.</param>
internal sealed class RestartBudget(RecoverySettings settings, TimeProvider time)
{
    private readonly Queue<DateTimeOffset> _restarts = new();

    /// <summary>Takes note of a restart.</summary>
    /// <returns>Whether it is within the bound.</returns>
    public bool TrySpend()
    {
        var now = time.GetUtcNow();
        while (_restarts.TryPeek(out var oldest) && now - oldest > settings.Window)
            _restarts.Dequeue();
        if (_restarts.Count >= settings.MaxRestarts)
            return false;
        _restarts.Enqueue(now);
        return true;
    }
}
