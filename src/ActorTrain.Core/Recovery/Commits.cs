using System.Collections.Immutable;

namespace ActorTrain.Core.Recovery;

/// <summary>
/// Which step's snapshots are safe: held by as many nodes as there are to be, for every stage. A commit is only the
/// permission to delete older ones, so one that is lost does no harm.
/// </summary>
/// <param name="Stages">Stages of the pipeline.</param>
/// <param name="Copies">Nodes that have to hold each.</param>
internal sealed record Commits(int Stages, int Copies)
{
    private ImmutableSortedDictionary<long, ImmutableSortedDictionary<int, int>> Held { get; init; } =
        ImmutableSortedDictionary<long, ImmutableSortedDictionary<int, int>>.Empty;

    /// <summary>The last step that is safe; 0 before the first.</summary>
    public long Committed { get; private init; }

    /// <summary>Takes note that nodes hold a stage's snapshot; a newer step may be safe by that.</summary>
    /// <param name="step">The step.</param>
    /// <param name="stage">The stage.</param>
    /// <param name="nodes">How many nodes do.</param>
    public Commits Add(long step, int stage, int nodes)
    {
        if (step <= Committed)
            return this;
        var held = Held.GetValueOrDefault(step) ?? ImmutableSortedDictionary<int, int>.Empty;
        held = held.SetItem(stage, Math.Max(nodes, held.GetValueOrDefault(stage)));
        return held.Count(h => h.Value >= Copies) < Stages
            ? this with { Held = Held.SetItem(step, held) }
            : this with { Committed = step, Held = Held.RemoveRange(Held.Keys.Where(s => s <= step)) };
    }

    /// <summary>Whether every stage's snapshot of a step is in the memory of one node at least.</summary>
    public bool IsHeld(long step) => step <= Committed || (Held.TryGetValue(step, out var held) && held.Count == Stages);
}
