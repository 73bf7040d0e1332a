namespace ActorTrain.Runtime.Cluster.Snapshots;

/// <summary>
/// Finds out which step's snapshots are safe: held by as many nodes as there are to be, for every stage. A commit is only
/// the permission to delete older ones, so one that is lost does no harm.
/// </summary>
/// <param name="stages">Stages of the pipeline.</param>
/// <param name="copies">Nodes that have to hold each.</param>
internal sealed class CommitTracker(int stages, int copies)
{
    private readonly SortedDictionary<long, Dictionary<int, int>> _held = [];

    /// <summary>The last step that is safe; 0 before the first.</summary>
    public long Committed { get; private set; }

    /// <summary>Takes note that nodes hold a stage's snapshot.</summary>
    /// <param name="step">The step.</param>
    /// <param name="stage">The stage.</param>
    /// <param name="nodes">How many nodes do.</param>
    /// <returns>Whether this makes a newer step safe.</returns>
    public bool Add(long step, int stage, int nodes)
    {
        if (step <= Committed)
            return false;
        if (!_held.TryGetValue(step, out var held))
            _held[step] = held = [];
        held[stage] = Math.Max(nodes, held.GetValueOrDefault(stage));
        if (held.Count(h => h.Value >= copies) < stages)
            return false;
        Committed = step;
        foreach (var older in _held.Keys.Where(s => s <= step).ToList())
            _held.Remove(older);
        return true;
    }

    /// <summary>Whether every stage's snapshot of a step is in the memory of one node at least.</summary>
    public bool IsHeld(long step) => step <= Committed || (_held.TryGetValue(step, out var held) && held.Count == stages);
}
