using System.Collections.Immutable;
using System.Globalization;

namespace ActorTrain.Admin;

/// <summary>What a command answers: data, which is printed as a table or as JSON.</summary>
/// <param name="Command">The command.</param>
/// <param name="Rows">For each row a cell for each of the command's columns; null where there is no value.</param>
/// <param name="LeftOut">How many rows were left out, because an answer is bounded.</param>
public sealed record CommandAnswer(CommandDeclaration Command, ImmutableArray<ImmutableArray<string?>> Rows, int LeftOut = 0)
{
    /// <summary>An answer that is one sentence.</summary>
    /// <param name="command">The command.</param>
    /// <param name="sentence">What was done.</param>
    public static CommandAnswer Done(CommandDeclaration command, string sentence) => new(command, [Row(command, sentence)]);

    /// <summary>Makes a row.</summary>
    /// <param name="command">The command.</param>
    /// <param name="values">Texts, numbers and truth values, one for each column; null where there is none.</param>
    /// <exception cref="ArgumentException">They are not as many as the command has columns.</exception>
    public static ImmutableArray<string?> Row(CommandDeclaration command, params ReadOnlySpan<object?> values)
    {
        if (values.Length != command.Columns.Length)
            throw new ArgumentException($"'{command.FullName}' has {command.Columns.Length} columns, and was given {values.Length} values", nameof(values));
        var row = ImmutableArray.CreateBuilder<string?>(values.Length);
        foreach (var value in values)
            row.Add(Cell(value));
        return row.MoveToImmutable();
    }

    private static string? Cell(object? value) => value switch
    {
        null or double.NaN => null,
        bool flag => flag ? "true" : "false",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString(),
    };
}
