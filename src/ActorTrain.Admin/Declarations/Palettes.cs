using System.Collections.Immutable;

namespace ActorTrain.Admin;

/// <summary>All palettes.</summary>
public static class Palettes
{
    /// <summary>In the order of help.</summary>
    public static ImmutableArray<Palette> All { get; } =
    [
        ClusterPalettes.Cluster,
        ClusterPalettes.Sharding,
        ClusterPalettes.Actor,
        ClusterPalettes.Log,
        TrainPalette.Palette,
        PipelinePalettes.Stage,
        PipelinePalettes.Plan,
        PipelinePalettes.Wire,
    ];

    /// <summary>A command by its full name, or null.</summary>
    /// <param name="fullName">Such as <c>train status</c>.</param>
    public static CommandDeclaration? Find(string fullName) =>
        All.SelectMany(palette => palette.Commands).FirstOrDefault(command => command.FullName == fullName);
}
