using System.Collections.Immutable;
using ActorTrain.Core.Generations;
using ActorTrain.Core.Training;

namespace ActorTrain.Core.Recovery;

/// <summary>What happens to a node's part of a job.</summary>
internal abstract record NodeEvent(Generation Generation)
{
    /// <summary>A supervisor asks for a promise.</summary>
    public sealed record Fenced(Generation Generation) : NodeEvent(Generation);

    /// <summary>Snapshots come, of an own stage or of one that this node is the buddy of.</summary>
    public sealed record Brought(Generation Generation, TrainingProgress Progress, ImmutableArray<int> Layers) : NodeEvent(Generation);

    /// <summary>A step is safe, and older ones of no more use.</summary>
    public sealed record Committed(Generation Generation, long Step) : NodeEvent(Generation);

    /// <summary>The run is set back: what older generations have of later steps is computed again.</summary>
    public sealed record RolledBack(Generation Generation, long Step) : NodeEvent(Generation);
}

/// <summary>What a node has to do.</summary>
internal abstract record NodeEffect
{
    /// <summary>Nothing: the event is of an older generation than the promised one.</summary>
    public sealed record Refuse : NodeEffect;

    /// <summary>Keep a snapshot.</summary>
    public sealed record Keep(long Step, int Layer) : NodeEffect;

    /// <summary>Free a snapshot; comes before the <see cref="Keep"/> of what takes its place.</summary>
    public sealed record Free(long Step, int Layer) : NodeEffect;
}

/// <summary>A node's promise to a job's supervisors, and the snapshots that it has.</summary>
internal sealed record NodeState
{
    /// <summary>Nothing promised, nothing held.</summary>
    public static NodeState Empty { get; } = new();

    /// <summary>Nothing of an older generation is let in.</summary>
    public Generation Promised { get; init; }

    /// <summary>For each step and layer the generation whose snapshot is held.</summary>
    public ImmutableSortedDictionary<(long Step, int Layer), Generation> Held { get; init; } =
        ImmutableSortedDictionary<(long, int), Generation>.Empty;

    /// <summary>How far the run was at each step.</summary>
    public ImmutableSortedDictionary<long, TrainingProgress> Progress { get; init; } = ImmutableSortedDictionary<long, TrainingProgress>.Empty;

    /// <summary>What a fence is answered with.</summary>
    public ImmutableArray<HeldSnapshots> Inventory =>
        [.. Held.Keys.GroupBy(h => h.Step).Select(step => new HeldSnapshots(Progress[step.Key], [.. step.Select(h => h.Layer)]))];
}

/// <summary>
/// Decides what a node promises, lets in, keeps and frees. Whatever is of an older generation than the promised one, commits
/// and rollbacks included, changes nothing: a newer supervisor counts on what the node answered to its fence.
/// </summary>
internal static class NodeMachine
{
    /// <summary>Takes an event.</summary>
    public static (NodeState State, ImmutableArray<NodeEffect> Effects) On(NodeState state, NodeEvent happened)
    {
        if (happened.Generation < state.Promised)
            return (state, [new NodeEffect.Refuse()]);
        return happened switch
        {
            NodeEvent.Fenced fenced => (state with { Promised = fenced.Generation }, []),
            NodeEvent.Brought brought => Keep(state, brought),
            NodeEvent.Committed committed => Free(state, (held, _) => held < committed.Step),
            NodeEvent.RolledBack back => Free(state, (held, by) => held > back.Step && by < back.Generation),
            _ => throw new ArgumentException($"{happened.GetType().Name} is no event of a node", nameof(happened)),
        };
    }

    private static (NodeState, ImmutableArray<NodeEffect>) Keep(NodeState state, NodeEvent.Brought brought)
    {
        var step = brought.Progress.Step;
        var effects = ImmutableArray.CreateBuilder<NodeEffect>();
        foreach (var layer in brought.Layers)
        {
            if (state.Held.ContainsKey((step, layer)))
                effects.Add(new NodeEffect.Free(step, layer));
            effects.Add(new NodeEffect.Keep(step, layer));
        }

        var held = state.Held.SetItems(brought.Layers.Select(layer => KeyValuePair.Create((step, layer), brought.Generation)));
        return (state with { Held = held, Progress = state.Progress.SetItem(step, brought.Progress) }, effects.ToImmutable());
    }

    private static (NodeState, ImmutableArray<NodeEffect>) Free(NodeState state, Func<long, Generation, bool> drop)
    {
        ImmutableArray<(long Step, int Layer)> freed = [.. state.Held.Where(h => drop(h.Key.Step, h.Value)).Select(h => h.Key)];
        var held = state.Held.RemoveRange(freed);
        var steps = held.Keys.Select(h => h.Step).ToHashSet();
        var progress = state.Progress.RemoveRange(state.Progress.Keys.Where(step => !steps.Contains(step)));
        return (state with { Held = held, Progress = progress }, [.. freed.Select(h => new NodeEffect.Free(h.Step, h.Layer))]);
    }
}
