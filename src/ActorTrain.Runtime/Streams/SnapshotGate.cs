using ActorTrain.Core.Training;

namespace ActorTrain.Runtime.Streams;

/// <summary>
/// Decides after which steps snapshots are taken: all that are due, but few at a time, so that nodes that are slow to
/// store them cost steps to compute again and not memory. Decided in one place, for a step counts only if all stages have
/// its snapshot.
/// </summary>
/// <param name="every">
/// Steps from one snapshot to the next; 0 for none but those of checkpoints and of a generation's last step; null for one at a time, with pauses that keep
/// what storing them takes to a small share of the time.
/// </param>
/// <param name="time">The clock.</param>
/// <param name="committed">Is told how long a snapshot took until it was safe, or null.</param>
internal sealed class SnapshotGate(int? every, TimeProvider time, Action<TimeSpan>? committed = null)
{
    private const int MaxInFlight = 2;

    // One twentieth of the time is spent on snapshots.
    private const int PauseFactor = 19;

    private readonly Lock _gate = new();
    private readonly Queue<(long Step, DateTimeOffset Taken)> _inFlight = new();
    private DateTimeOffset _next = DateTimeOffset.MinValue;

    /// <summary>Whether a snapshot is taken after a step.</summary>
    public bool TryTake(Verdict verdict)
    {
        lock (_gate)
        {
            var due = verdict.Checkpoint || verdict.Stop || (every is { } steps
                ? steps > 0 && verdict.Step % steps == 0 && _inFlight.Count < MaxInFlight
                : _inFlight.Count == 0 && time.GetUtcNow() >= _next);
            if (due)
                _inFlight.Enqueue((verdict.Step, time.GetUtcNow()));
            return due;
        }
    }

    /// <summary>Takes note that the snapshots of a step, and with them all older ones, are safe.</summary>
    public void Committed(long step)
    {
        lock (_gate)
        {
            while (_inFlight.TryPeek(out var oldest) && oldest.Step <= step)
            {
                _inFlight.Dequeue();
                var now = time.GetUtcNow();
                committed?.Invoke(now - oldest.Taken);
                _next = now + PauseFactor * (now - oldest.Taken);
            }
        }
    }
}
