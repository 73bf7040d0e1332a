using Spectre.Console;

namespace ActorTrain.Cli.Commands;

/// <summary>How commands print tables.</summary>
internal static class Tables
{
    // A pipe has no width of its own, and a table cut to a terminal's is hard to read in a file.
    private const int RedirectedWidth = 140;

    /// <summary>Gives a pipe a width that tables fit into.</summary>
    public static void WidenPipe()
    {
        if (Console.IsOutputRedirected)
            AnsiConsole.Profile.Width = RedirectedWidth;
    }

    /// <summary>A table whose first column is text and whose others are numbers.</summary>
    /// <param name="columns">The columns' names.</param>
    public static Table Of(params string[] columns)
    {
        var table = new Table().RoundedBorder();
        for (var i = 0; i < columns.Length; i++)
            table.AddColumn(new TableColumn(columns[i]) { Alignment = i == 0 ? Justify.Left : Justify.Right });
        return table;
    }
}
