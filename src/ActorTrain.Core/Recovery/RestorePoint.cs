using System.Collections.Immutable;
using ActorTrain.Core.Training;

namespace ActorTrain.Core.Recovery;

/// <summary>
/// Where a run is set back to: a step of which every layer's snapshot is there, and who has it. Any complete set is
/// consistent, for a run gives the same state whatever happened on the way.
/// </summary>
/// <param name="Progress">How far the run was.</param>
/// <param name="Holders">For each layer the nodes that have it, as <c>HOST:PORT</c>; none at the start of the run.</param>
internal sealed record RestorePoint(TrainingProgress Progress, ImmutableArray<ImmutableArray<string>> Holders)
{
    /// <summary>Before the first step: every stage makes its initial values itself.</summary>
    public static RestorePoint Start { get; } = new(TrainingProgress.Start, []);

    /// <summary>The newest step of which the nodes together have all layers.</summary>
    /// <param name="layers">Layers of the model.</param>
    /// <param name="inventories">For each node, as <c>HOST:PORT</c>, what it has.</param>
    /// <returns>Null when there is none.</returns>
    public static RestorePoint? Choose(int layers, IReadOnlyDictionary<string, ImmutableArray<HeldSnapshots>> inventories)
    {
        var steps = inventories.Values.SelectMany(held => held.Select(h => h.Step)).Distinct().OrderDescending();
        return steps.Select(step => At(step, layers, inventories)).FirstOrDefault(point => point is not null);
    }

    /// <summary>A step, if the nodes together have all layers of it.</summary>
    /// <param name="step">The step.</param>
    /// <param name="layers">Layers of the model.</param>
    /// <param name="inventories">For each node, as <c>HOST:PORT</c>, what it has.</param>
    /// <returns>Null when they have not.</returns>
    public static RestorePoint? At(long step, int layers, IReadOnlyDictionary<string, ImmutableArray<HeldSnapshots>> inventories)
    {
        var held = inventories
            .Select(node => (Node: node.Key, Held: node.Value.FirstOrDefault(h => h.Step == step)))
            .Where(node => node.Held is not null)
            .OrderBy(node => node.Node, StringComparer.Ordinal)
            .ToList();
        ImmutableArray<ImmutableArray<string>> holders =
            [.. Enumerable.Range(0, layers).Select(layer => held.Where(h => h.Held!.Layers.Contains(layer)).Select(h => h.Node).ToImmutableArray())];
        return holders.All(h => h.Length > 0) ? new RestorePoint(held[0].Held!.Progress, holders) : null;
    }

    /// <summary>Who gives a stage its layers: its own node what that has, others the rest.</summary>
    /// <param name="first">The stage's first layer.</param>
    /// <param name="count">How many it has.</param>
    /// <param name="own">The stage's node.</param>
    public ImmutableArray<(string Node, ImmutableArray<int> Layers)> OriginsOf(int first, int count, string own) => Holders.IsEmpty
        ? []
        : [
            .. Enumerable.Range(first, count)
                .GroupBy(layer => Holders[layer].Contains(own) ? own : Holders[layer][0])
                .Select(group => (group.Key, group.ToImmutableArray())),
        ];
}
