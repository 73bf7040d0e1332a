using System.Collections.Immutable;

namespace ActorTrain.Admin;

/// <summary>A command: all that its parser, its help, its completion and its answer's form need to know.</summary>
/// <param name="Palette">The palette that it belongs to.</param>
/// <param name="Name">Its name there.</param>
/// <param name="Help">What it does, in a sentence.</param>
public sealed record CommandDeclaration(string Palette, string Name, string Help)
{
    private static readonly ArgumentDeclaration Json = new("json", ArgumentKind.Flag, "Print JSON.");
    private static readonly ArgumentDeclaration Yes = new("yes", ArgumentKind.Flag, "Do it without asking.") { Letter = 'y' };

    /// <summary>Its own arguments.</summary>
    public ImmutableArray<ArgumentDeclaration> Arguments { get; init; } = [];

    /// <summary>Whether it takes something away that does not come back by itself, and so is confirmed first.</summary>
    public bool IsDestructive { get; init; }

    /// <summary>What it answers with.</summary>
    public AnswerKind Answer { get; init; } = AnswerKind.Table;

    /// <summary>The answer's columns.</summary>
    public required ImmutableArray<AnswerColumn> Columns { get; init; }

    /// <summary>Whether the answer comes only at the end of a step, and so may take as long as one.</summary>
    public bool AwaitsStep { get; init; }

    /// <summary>Palette and name, which no other command has.</summary>
    public string FullName => $"{Palette} {Name}";

    /// <summary>Its own arguments, and those that every command of its kind has.</summary>
    public ImmutableArray<ArgumentDeclaration> AllArguments => IsDestructive ? [.. Arguments, Json, Yes] : [.. Arguments, Json];
}
