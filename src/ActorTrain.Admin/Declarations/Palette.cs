using System.Collections.Immutable;

namespace ActorTrain.Admin;

/// <summary>Commands that belong together.</summary>
/// <param name="Name">The first word of each.</param>
/// <param name="Help">What they are about.</param>
/// <param name="Commands">The commands.</param>
public sealed record Palette(string Name, string Help, ImmutableArray<CommandDeclaration> Commands);
