using System.Collections.Immutable;
using ActorTrain.Compute.Stages;
using ActorTrain.Core.Generations;
using ActorTrain.Core.Training;
using ActorTrain.Runtime.Cluster.Protocol;

namespace ActorTrain.Runtime.Cluster.Snapshots;

/// <summary>
/// The snapshots in a node's memory: of its own stages, and of those that it is the buddy of. What an older generation
/// than the promised one brings is dropped. Thread-safe.
/// </summary>
internal sealed class SnapshotStore : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Job> _jobs = [];

    /// <summary>Takes snapshots in.</summary>
    /// <param name="job">The job's id.</param>
    /// <param name="generation">The generation that took them.</param>
    /// <param name="step">The step that they are of.</param>
    /// <param name="progress">How far the run was, where that is known.</param>
    /// <param name="layers">The snapshots, which belong to the store from now on.</param>
    /// <returns>Whether they were taken: an older generation's are freed.</returns>
    public bool Add(string job, Generation generation, long step, TrainingProgress? progress, ImmutableArray<LayerSnapshot> layers)
    {
        lock (_gate)
        {
            var kept = Of(job);
            if (generation >= kept.Promised)
            {
                if (!kept.Steps.TryGetValue(step, out var held))
                    kept.Steps[step] = held = new Step();
                held.Progress ??= progress;
                foreach (var layer in layers)
                    held.Put(generation, new SharedSnapshot(layer));
                return true;
            }
        }

        foreach (var layer in layers)
            layer.Dispose();
        return false;
    }

    /// <summary>Promises to take nothing of an older generation any more.</summary>
    public void Promise(string job, Generation generation)
    {
        lock (_gate)
            Of(job).Promised = generation;
    }

    /// <summary>What there is of a job.</summary>
    public IReadOnlyList<HeldStep> Inventory(string job)
    {
        lock (_gate)
            return [.. Of(job).Steps.Select(s => new HeldStep(s.Key, s.Value.Progress?.Updates, s.Value.Progress?.SkippedInARow, [.. s.Value.Layers.Keys]))];
    }

    /// <summary>Gives snapshots to read.</summary>
    /// <returns>Null when one of the layers is not there.</returns>
    public SnapshotUse? Use(string job, long step, IEnumerable<int> layers)
    {
        lock (_gate)
        {
            if (!Of(job).Steps.TryGetValue(step, out var held))
                return null;
            var wanted = layers.ToList();
            return wanted.All(held.Layers.ContainsKey)
                ? new SnapshotUse([.. wanted.Select(layer => held.Layers[layer].Shared.Share())])
                : null;
        }
    }

    /// <summary>Forgets what is older than a step that is safe.</summary>
    public void ForgetBefore(string job, long step) => Forget(job, (held, _) => held < step);

    /// <summary>Forgets what earlier generations have of later steps, which a newer one computes again.</summary>
    public void ForgetAfter(string job, long step, Generation generation) =>
        Forget(job, (held, layer) => held > step && layer.Generation < generation);

    /// <summary>Forgets a job.</summary>
    public void Forget(string job)
    {
        Forget(job, (_, _) => true);
        lock (_gate)
            _jobs.Remove(job);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var job in _jobs.Keys.ToList())
            Forget(job);
    }

    private void Forget(string job, Func<long, Entry, bool> drop)
    {
        lock (_gate)
        {
            var steps = Of(job).Steps;
            foreach (var (step, held) in steps.ToList())
            {
                held.Drop(layer => drop(step, layer));
                if (held.Layers.Count == 0)
                    steps.Remove(step);
            }
        }
    }

    private Job Of(string job)
    {
        if (!_jobs.TryGetValue(job, out var kept))
            _jobs[job] = kept = new Job();
        return kept;
    }

    private sealed class Job
    {
        public Generation Promised { get; set; }

        public SortedDictionary<long, Step> Steps { get; } = [];
    }

    private sealed record Entry(Generation Generation, SharedSnapshot Shared);

    private sealed class Step
    {
        public TrainingProgress? Progress { get; set; }

        public SortedDictionary<int, Entry> Layers { get; } = [];

        public void Put(Generation generation, SharedSnapshot snapshot)
        {
            var layer = snapshot.Snapshot.Layer;
            if (Layers.Remove(layer, out var old))
                old.Shared.Release();
            Layers[layer] = new Entry(generation, snapshot);
        }

        public void Drop(Func<Entry, bool> which)
        {
            foreach (var (layer, entry) in Layers.Where(l => which(l.Value)).ToList())
            {
                Layers.Remove(layer);
                entry.Shared.Release();
            }
        }
    }
}
