using System.Collections.Immutable;

namespace ActorTrain.Admin;

/// <summary>Short forms for the columns of declarations.</summary>
internal static class Columns
{
    /// <summary>A column of a command that answers with one sentence.</summary>
    public static ImmutableArray<AnswerColumn> Done { get; } = [Text("done")];

    /// <summary>A column of texts.</summary>
    public static AnswerColumn Text(string name) => new(name);

    /// <summary>A column of numbers.</summary>
    public static AnswerColumn Number(string name) => new(name, CellKind.Number);

    /// <summary>A column of yes or no.</summary>
    public static AnswerColumn Flag(string name) => new(name, CellKind.Flag);
}
