using System.Collections.Immutable;
using ActorTrain.Admin;
using ActorTrain.Runtime.Cluster.Protocol;

namespace ActorTrain.Runtime.Cluster.Admin;

/// <summary>Commands and answers in the form in which they cross between nodes.</summary>
internal static class AdminMessages
{
    /// <summary>The rows of one answer.</summary>
    public const int MaxRows = 1000;

    // Akka lets no message pass that is larger than 128,000 bytes.
    private const int MaxCharacters = 24_000;

    /// <summary>The message's form of a call.</summary>
    /// <exception cref="CommandUsageException">Its arguments are longer than a message may be.</exception>
    public static RunCommand ToMessage(this CommandCall call) => call.Values.Sum(v => v.Value.Length) <= MaxCharacters
        ? new RunCommand(call.Command.FullName, [.. call.Values.Select(v => new CommandArgument(v.Key, v.Value))])
        : throw new CommandUsageException($"the arguments of '{call.Command.FullName}' are longer than {MaxCharacters} characters");

    /// <summary>Reads and checks a call.</summary>
    /// <exception cref="CommandUsageException">There is no such command here, or its arguments are wrong.</exception>
    public static CommandCall ToCall(this RunCommand run) => CommandParser.Check(
        Palettes.Find(run.Command) ?? throw new CommandUsageException($"this node has no command '{run.Command}'; it may be of another version"),
        run.Arguments.Select(a => KeyValuePair.Create(a.Name, a.Value)));

    /// <summary>The message's form of an answer, cut to what a message may hold.</summary>
    public static CommandAnswered ToMessage(this CommandAnswer answer)
    {
        var kept = answer.Rows.TakeWhile(Fits()).Take(MaxRows).ToList();
        return new CommandAnswered(Cells(kept), answer.LeftOut + answer.Rows.Length - kept.Count);
    }

    /// <summary>Reads an answer.</summary>
    public static CommandAnswer ToAnswer(this CommandAnswered answered, CommandDeclaration command) =>
        new(command, [.. answered.Rows.Select(row => ToRow(row, command))], answered.LeftOut);

    /// <summary>A row of as many cells as the command has columns, whatever the other side's version has.</summary>
    public static ImmutableArray<string?> ToRow(IReadOnlyList<string?> row, CommandDeclaration command) =>
        [.. Enumerable.Range(0, command.Columns.Length).Select(i => i < row.Count ? row[i] : null)];

    /// <summary>How many of some rows a message may hold.</summary>
    public static int CountOfFitting(IEnumerable<ImmutableArray<string?>> rows) => rows.TakeWhile(Fits()).Count();

    /// <summary>Rows as messages have them.</summary>
    public static IReadOnlyList<IReadOnlyList<string?>> Cells(IEnumerable<ImmutableArray<string?>> rows) => [.. rows.Select(row => (IReadOnlyList<string?>)row)];

    private static Func<ImmutableArray<string?>, bool> Fits()
    {
        var characters = 0;
        return row => (characters += row.Sum(cell => cell?.Length ?? 0)) <= MaxCharacters;
    }
}
