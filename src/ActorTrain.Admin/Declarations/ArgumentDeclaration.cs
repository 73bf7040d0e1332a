using System.Collections.Immutable;

namespace ActorTrain.Admin;

/// <summary>An argument of a command.</summary>
/// <param name="Name">Its name, which is also its long switch: <c>--name</c>.</param>
/// <param name="Kind">What its value is.</param>
/// <param name="Help">What it says, in a sentence.</param>
public sealed record ArgumentDeclaration(string Name, ArgumentKind Kind, string Help)
{
    /// <summary>The letter of its short switch, or null.</summary>
    public char? Letter { get; init; }

    /// <summary>Whether the command needs it.</summary>
    public bool IsRequired { get; init; }

    /// <summary>Whether it may be given without its switch, in the place that it has among such arguments.</summary>
    public bool IsPositional { get; init; }

    /// <summary>Whether it may be given more than once.</summary>
    public bool IsRepeated { get; init; }

    /// <summary>Whether a value comes with it.</summary>
    public bool TakesValue => Kind != ArgumentKind.Flag;

    /// <summary>The switches that stand for it.</summary>
    public ImmutableArray<string> Switches => Letter is { } letter ? [$"-{letter}", $"--{Name}"] : [$"--{Name}"];

    /// <summary>What stands for its value in help, such as <c>HOST:PORT</c>.</summary>
    public string ValueName => Kind switch
    {
        ArgumentKind.Node => "HOST:PORT",
        ArgumentKind.Setting => "KEY=VALUE",
        _ => Name.ToUpperInvariant(),
    };
}
