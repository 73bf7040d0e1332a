using ActorTrain.Compute.Stages;

namespace ActorTrain.Runtime.Cluster.Snapshots;

/// <summary>A layer's snapshot that several may read at a time; freed when the last has done so.</summary>
/// <param name="snapshot">The snapshot, which belongs to this object.</param>
internal sealed class SharedSnapshot(LayerSnapshot snapshot)
{
    private int _users = 1;

    /// <summary>The snapshot; valid until released.</summary>
    public LayerSnapshot Snapshot => snapshot;

    /// <summary>One more reads it; only for somebody who has not released it.</summary>
    public SharedSnapshot Share()
    {
        Interlocked.Increment(ref _users);
        return this;
    }

    /// <summary>One less reads it.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _users) == 0)
            snapshot.Dispose();
    }
}
