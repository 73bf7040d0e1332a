using System.Collections.Immutable;
using System.Globalization;
using ActorTrain.Admin;
using Spectre.Console;

namespace ActorTrain.Cli.Shell;

/// <summary>Prints answers, as tables for people or as JSON for programs.</summary>
internal static class AnswerView
{
    /// <summary>Prints a table or an object.</summary>
    public static void Print(CommandAnswer answer, bool json)
    {
        if (json)
            Console.WriteLine(AnswerJson.Write(answer));
        else if (answer is { Command.Answer: AnswerKind.Object, Rows: [var only] })
            PrintObject(answer.Command, only);
        else
            PrintTable(answer);
        TellLeftOut(answer);
    }

    /// <summary>Prints rows of a stream, one a line.</summary>
    public static void PrintRows(CommandAnswer batch, bool json)
    {
        TellLeftOut(batch);
        foreach (var row in batch.Rows)
        {
            Console.WriteLine(json
                ? AnswerJson.Write(batch.Command, row)
                : string.Join("  ", batch.Command.Columns.Zip(row).Where(c => c.Second is not null).Select(c => Text(c.First, c.Second))));
        }
    }

    private static void TellLeftOut(CommandAnswer answer)
    {
        if (answer.LeftOut > 0)
            Console.Error.WriteLine($"{answer.LeftOut} rows are left out");
    }

    private static void PrintTable(CommandAnswer answer)
    {
        var table = new Table().RoundedBorder();
        foreach (var column in answer.Command.Columns)
            table.AddColumn(new TableColumn($"[bold]{column.Name}[/]") { Alignment = column.Kind == CellKind.Number ? Justify.Right : Justify.Left });
        foreach (var row in answer.Rows)
            table.AddRow(answer.Command.Columns.Zip(row).Select(c => Markup(c.First, c.Second)).ToArray());
        AnsiConsole.Write(table);
    }

    private static void PrintObject(CommandDeclaration command, ImmutableArray<string?> row)
    {
        if (command.Columns.Length == 1)
        {
            Console.WriteLine(row[0]);
            return;
        }

        var grid = new Grid().AddColumn().AddColumn();
        foreach (var (column, cell) in command.Columns.Zip(row))
            grid.AddRow(new Markup($"[bold]{column.Name}[/]"), Markup(column, cell));
        AnsiConsole.Write(grid);
    }

    private static Markup Markup(AnswerColumn column, string? cell) => new(
        Text(column, cell).EscapeMarkup(),
        (column.Name, cell) switch
        {
            ("state", "running" or "done") or ("status", "Up") => new Style(Color.Green),
            ("state", "failed" or "lost") or ("status", "Down") or ("reachable", "false") => new Style(Color.Red),
            ("state", _) or ("status", _) => new Style(Color.Yellow),
            _ => Style.Plain,
        });

    // A person reads six digits; JSON has them all.
    private static string Text(AnswerColumn column, string? cell) =>
        column.Kind == CellKind.Number && cell?.AsSpan().IndexOfAny(".E") >= 0 && double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number.ToString("G6", CultureInfo.InvariantCulture)
            : cell ?? "";
}
