using ActorTrain.Core.Recovery;
using ActorTrain.Runtime.Cluster.Protocol;

namespace ActorTrain.Runtime.Cluster.Snapshots;

/// <summary>What messages say of snapshots, and what the machines decide, in each other's terms.</summary>
internal static class RestoreSources
{
    /// <summary>Who gives a stage its layers.</summary>
    public static IReadOnlyList<LayerSource> SourcesOf(this RestorePoint point, int first, int count, string own) =>
        [.. point.OriginsOf(first, count, own).Select(origin => new LayerSource(origin.Node, origin.Layers))];

    /// <summary>The message's form of what a node has.</summary>
    public static HeldStep ToMessage(this HeldSnapshots held) =>
        new(held.Progress.Step, held.Progress.Updates, held.Progress.SkippedInARow, held.Layers);

    /// <summary>What a message says that a node has.</summary>
    public static HeldSnapshots ToHeld(this HeldStep held) => new(new(held.Step, held.Updates, held.SkippedInARow), [.. held.Layers]);
}
