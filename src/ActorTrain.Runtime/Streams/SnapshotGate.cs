using ActorTrain.Core.Training;

namespace ActorTrain.Runtime.Streams;

/// <summary>
/// Decides after which steps snapshots are taken: all that are due, but few at a time, so that nodes that are slow to
/// store them cost steps to compute again and not memory. Decided in one place, for a step counts only if all stages have
/// its snapshot.
/// </summary>
/// <param name="every">Steps from one snapshot to the next; 0 for none but those of checkpoints.</param>
internal sealed class SnapshotGate(int every)
{
    private const int MaxInFlight = 2;

    private readonly Lock _gate = new();
    private readonly Queue<long> _inFlight = new();

    /// <summary>Whether a snapshot is taken after a step.</summary>
    public bool TryTake(Verdict verdict)
    {
        lock (_gate)
        {
            var due = verdict.Checkpoint || (every > 0 && verdict.Step % every == 0 && _inFlight.Count < MaxInFlight);
            if (due)
                _inFlight.Enqueue(verdict.Step);
            return due;
        }
    }

    /// <summary>Takes note that the snapshots of a step, and with them all older ones, are safe.</summary>
    public void Committed(long step)
    {
        lock (_gate)
            while (_inFlight.TryPeek(out var oldest) && oldest <= step)
                _inFlight.Dequeue();
    }
}
