using System.Collections.Immutable;
using ActorTrain.Compute.Stages;
using ActorTrain.Core.Generations;
using ActorTrain.Core.Recovery;
using ActorTrain.Core.Training;
using ActorTrain.Runtime.Cluster.Protocol;

namespace ActorTrain.Runtime.Cluster.Snapshots;

/// <summary>
/// The snapshots in a node's memory: of its own stages, and of those that it is the buddy of. <see cref="NodeMachine"/>
/// decides what is let in, kept and freed. Thread-safe.
/// </summary>
internal sealed class SnapshotStore : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Job> _jobs = [];

    /// <summary>Takes snapshots in.</summary>
    /// <param name="job">The job's id.</param>
    /// <param name="generation">The generation that took them.</param>
    /// <param name="progress">How far the run was.</param>
    /// <param name="layers">The snapshots, which belong to the store from now on.</param>
    /// <returns>Whether they were taken: an older generation's are freed.</returns>
    public bool Add(string job, Generation generation, TrainingProgress progress, ImmutableArray<LayerSnapshot> layers)
    {
        lock (_gate)
        {
            if (Of(job).Take(new NodeEvent.Brought(generation, progress, [.. layers.Select(l => l.Layer)]), layers))
                return true;
        }

        foreach (var layer in layers)
            layer.Dispose();
        return false;
    }

    /// <summary>Promises to take nothing of an older generation any more.</summary>
    public void Promise(string job, Generation generation) => Tell(job, new NodeEvent.Fenced(generation));

    /// <summary>What there is of a job.</summary>
    public IReadOnlyList<HeldStep> Inventory(string job)
    {
        lock (_gate)
            return [.. Of(job).State.Inventory.Select(held => held.ToMessage())];
    }

    /// <summary>Gives snapshots to read.</summary>
    /// <returns>Null when one of the layers is not there.</returns>
    public SnapshotUse? Use(string job, long step, IEnumerable<int> layers)
    {
        lock (_gate)
        {
            var (state, held) = (Of(job).State, Of(job).Snapshots);
            var wanted = layers.Select(layer => (step, layer)).ToList();
            return wanted.All(held.ContainsKey) ? new SnapshotUse(state.Progress[step], [.. wanted.Select(key => held[key].Share())]) : null;
        }
    }

    /// <summary>Forgets what is older than a step that is safe, unless a newer generation is promised.</summary>
    public void ForgetBefore(string job, long step, Generation generation) => Tell(job, new NodeEvent.Committed(generation, step));

    /// <summary>Forgets what earlier generations have of later steps, which a newer one computes again.</summary>
    public void ForgetAfter(string job, long step, Generation generation) => Tell(job, new NodeEvent.RolledBack(generation, step));

    /// <summary>Forgets a job.</summary>
    public void Forget(string job)
    {
        lock (_gate)
        {
            if (_jobs.Remove(job, out var kept))
                kept.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var job in _jobs.Keys.ToList())
            Forget(job);
    }

    private void Tell(string job, NodeEvent happened)
    {
        lock (_gate)
            Of(job).Take(happened, []);
    }

    private Job Of(string job)
    {
        if (!_jobs.TryGetValue(job, out var kept))
            _jobs[job] = kept = new Job();
        return kept;
    }

    private sealed class Job
    {
        public NodeState State { get; private set; } = NodeState.Empty;

        public Dictionary<(long Step, int Layer), SharedSnapshot> Snapshots { get; } = [];

        /// <summary>Does what the machine decides; false when it refuses.</summary>
        public bool Take(NodeEvent happened, ImmutableArray<LayerSnapshot> brought)
        {
            (State, var effects) = NodeMachine.On(State, happened);
            foreach (var effect in effects)
            {
                switch (effect)
                {
                    case NodeEffect.Refuse:
                        return false;
                    case NodeEffect.Free free:
                        Snapshots.Remove((free.Step, free.Layer), out var old);
                        old!.Release();
                        break;
                    case NodeEffect.Keep keep:
                        Snapshots[(keep.Step, keep.Layer)] = new SharedSnapshot(brought.First(l => l.Layer == keep.Layer));
                        break;
                }
            }

            return true;
        }

        public void Release()
        {
            foreach (var snapshot in Snapshots.Values)
                snapshot.Release();
        }
    }
}
