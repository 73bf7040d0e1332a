using ActorTrain.Core.Generations;
using ActorTrain.Core.Recovery;
using ActorTrain.Core.Training;

namespace ActorTrain.Core.Tests.Recovery;

/// <summary>A node of a modelled run: its machine, and the snapshots that are in its memory.</summary>
internal sealed class ModelNode
{
    /// <summary>What it has promised, and has.</summary>
    public NodeState State { get; private set; } = NodeState.Empty;

    /// <summary>The contents of its snapshots.</summary>
    public Dictionary<(long Step, int Layer), string> Contents { get; } = [];

    /// <summary>Whether it has crashed.</summary>
    public bool Dead { get; set; }

    /// <summary>Whether its link is cut.</summary>
    public bool IsCut { get; set; }

    /// <summary>Takes snapshots in.</summary>
    /// <returns>Whether they were taken.</returns>
    public bool Keep(Generation generation, TrainingProgress progress, IReadOnlyDictionary<int, string> states)
    {
        if (!Tell(new NodeEvent.Brought(generation, progress, [.. states.Keys])))
            return false;
        foreach (var (layer, state) in states)
            Contents[(progress.Step, layer)] = state;
        return true;
    }

    /// <summary>Tells the machine.</summary>
    /// <returns>Whether it did not refuse.</returns>
    public bool Tell(NodeEvent happened)
    {
        (State, var effects) = NodeMachine.On(State, happened);
        foreach (var free in effects.OfType<NodeEffect.Free>())
            Contents.Remove((free.Step, free.Layer));
        return effects is not [NodeEffect.Refuse];
    }
}
