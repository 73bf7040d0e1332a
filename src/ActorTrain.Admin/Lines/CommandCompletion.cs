using System.Collections.Immutable;

namespace ActorTrain.Admin;

/// <summary>Completes what is typed, by declarations.</summary>
public static class CommandCompletion
{
    /// <summary>What the last word may become.</summary>
    /// <param name="words">The whole words before it.</param>
    /// <param name="begun">The last word so far, which may be empty.</param>
    /// <param name="values">The values that there are of a kind, such as the ids of jobs.</param>
    /// <returns>Whole words that begin with it, in order.</returns>
    public static ImmutableArray<string> Of(IReadOnlyList<string> words, string begun, Func<ArgumentKind, IEnumerable<string>> values) =>
        [.. Candidates(words, values).Where(c => c.StartsWith(begun, StringComparison.Ordinal)).Distinct().Order(StringComparer.Ordinal)];

    private static IEnumerable<string> Candidates(IReadOnlyList<string> words, Func<ArgumentKind, IEnumerable<string>> values)
    {
        if (words.Count == 0)
            return Palettes.All.Select(p => p.Name);
        if (words.Count == 1)
            return Palettes.All.Where(p => p.Name == words[0]).SelectMany(p => p.Commands).Select(c => c.Name);
        if (Palettes.Find($"{words[0]} {words[1]}") is not { } command)
            return [];

        // Only the words that follow the command count.
        var given = words.Skip(2).ToList();
        if (given.Count > 0 && OfSwitch(command, given[^1]) is { TakesValue: true } awaited)
            return values(awaited.Kind);
        var used = Used(command, given);
        var switches = command.AllArguments.Where(a => a.IsRepeated || !used.Contains(a)).Select(a => $"--{a.Name}");
        return command.Arguments.FirstOrDefault(a => a.IsPositional && !used.Contains(a)) is { } place
            ? values(place.Kind).Concat(switches)
            : switches;
    }

    private static ArgumentDeclaration? OfSwitch(CommandDeclaration command, string word) =>
        command.AllArguments.FirstOrDefault(a => a.Switches.Contains(word));

    /// <summary>The arguments that have their values, after a switch or in their place.</summary>
    private static HashSet<ArgumentDeclaration> Used(CommandDeclaration command, List<string> given)
    {
        var used = new HashSet<ArgumentDeclaration>();
        for (var i = 0; i < given.Count; i++)
        {
            if (OfSwitch(command, given[i]) is { } argument)
            {
                used.Add(argument);
                i += argument.TakesValue ? 1 : 0;
            }
            else if (command.Arguments.FirstOrDefault(a => a.IsPositional && !used.Contains(a)) is { } place)
            {
                used.Add(place);
            }
        }

        return used;
    }
}
