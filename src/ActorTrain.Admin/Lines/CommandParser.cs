using System.Globalization;
using ActorTrain.Core.Settings;

namespace ActorTrain.Admin;

/// <summary>Reads commands by their declarations.</summary>
public static class CommandParser
{
    /// <summary>Reads a command.</summary>
    /// <param name="words">Palette, command, and arguments.</param>
    /// <exception cref="CommandUsageException">It is no command; the message says what would be right.</exception>
    public static CommandCall Parse(IReadOnlyList<string> words)
    {
        if (words.Count == 0)
            throw new CommandUsageException($"a command begins with a palette: {Names(Palettes.All.Select(p => p.Name))}");
        var palette = Palettes.All.FirstOrDefault(p => p.Name == words[0])
            ?? throw new CommandUsageException($"there is no palette '{words[0]}'{Guess(words)}; there are {Names(Palettes.All.Select(p => p.Name))}");
        if (words.Count == 1)
            throw new CommandUsageException($"'{palette.Name}' needs a command: {Names(palette.Commands.Select(c => c.Name))}");
        var command = palette.Commands.FirstOrDefault(c => c.Name == words[1])
            ?? throw new CommandUsageException($"'{palette.Name}' has no command '{words[1]}'{Guess(words)}; it has {Names(palette.Commands.Select(c => c.Name))}");
        return Check(command, Arguments(command, [.. words.Skip(2)]));
    }

    /// <summary>Checks values that came with their names.</summary>
    /// <param name="command">The command.</param>
    /// <param name="values">Name and value of each argument.</param>
    /// <exception cref="CommandUsageException">One is unknown, missing, given twice, or not what its argument is.</exception>
    public static CommandCall Check(CommandDeclaration command, IEnumerable<KeyValuePair<string, string>> values)
    {
        var call = new CommandCall(command, [.. values]);
        foreach (var (name, value) in call.Values)
        {
            var argument = command.AllArguments.FirstOrDefault(a => a.Name == name)
                ?? throw Wrong(command, $"has no argument '{name}'");
            if (!argument.IsRepeated && call.Values.Count(v => v.Key == name) > 1)
                throw Wrong(command, $"takes --{name} once");
            if (!IsRight(argument, value))
                throw Wrong(command, $"--{name} {value}: {argument.ValueName} is right{Example(argument.Kind)}");
        }

        return command.Arguments.FirstOrDefault(a => a.IsRequired && !call.Has(a.Name)) is { } missing
            ? throw Wrong(command, $"needs --{missing.Name} {missing.ValueName}")
            : call;
    }

    private static List<KeyValuePair<string, string>> Arguments(CommandDeclaration command, IReadOnlyList<string> words)
    {
        var values = new List<KeyValuePair<string, string>>();
        var places = new Queue<ArgumentDeclaration>(command.Arguments.Where(a => a.IsPositional));
        var switches = true;
        for (var i = 0; i < words.Count; i++)
        {
            if (switches && words[i] == "--")
            {
                switches = false;
                continue;
            }

            var (argument, value) = switches && words[i].Length > 1 && words[i][0] == '-'
                ? OfSwitch(command, words, ref i)
                : (NextPlace(command, places, values, words[i]), words[i]);
            values.Add(new(argument.Name, value));
        }

        return values;
    }

    private static (ArgumentDeclaration Argument, string Value) OfSwitch(CommandDeclaration command, IReadOnlyList<string> words, ref int at)
    {
        // A setting has an equals sign of its own, so only what begins with a whole switch is cut at it.
        var (name, given) = words[at].StartsWith("--", StringComparison.Ordinal) && words[at].Split('=', 2) is [var left, var right]
            ? (left, right)
            : (words[at], null);
        var argument = command.AllArguments.FirstOrDefault(a => a.Switches.Contains(name))
            ?? throw Wrong(command, $"has no switch {name}{Spelling.Hint(name, command.AllArguments.SelectMany(a => a.Switches))}");
        if (!argument.TakesValue)
            return given is null ? (argument, "true") : throw Wrong(command, $"{name} takes no value");
        if (given is not null)
            return (argument, given);
        return at + 1 < words.Count ? (argument, words[++at]) : throw Wrong(command, $"{name} needs {argument.ValueName} after it");
    }

    private static ArgumentDeclaration NextPlace(
        CommandDeclaration command, Queue<ArgumentDeclaration> places, List<KeyValuePair<string, string>> values, string word)
    {
        while (places.TryDequeue(out var argument))
            if (values.TrueForAll(v => v.Key != argument.Name))
                return argument;
        throw Wrong(command, $"takes no '{word}' there");
    }

    private static bool IsRight(ArgumentDeclaration argument, string value) => argument.Kind switch
    {
        ArgumentKind.Flag => value == "true",
        ArgumentKind.Number => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out _),
        ArgumentKind.Node => HostPort.TryParse(value, out _),
        ArgumentKind.Setting => value.IndexOf('=', StringComparison.Ordinal) > 0,
        _ => value.Length > 0,
    };

    private static string Example(ArgumentKind kind) => kind switch
    {
        ArgumentKind.Node => ", such as 10.0.0.1:4053",
        ArgumentKind.Number => ", a whole number from 0",
        ArgumentKind.Setting => ", such as pipeline.schedule=gpipe",
        _ => "",
    };

    private static CommandUsageException Wrong(CommandDeclaration command, string problem) =>
        new($"'{command.FullName}' {problem}; right is: {CommandHelp.Usage(command)}");

    // The whole of it may be near a command although its first word is near no palette.
    private static string Guess(IReadOnlyList<string> words)
    {
        var commands = Palettes.All.SelectMany(p => p.Commands).Select(c => c.FullName);
        var whole = string.Join(' ', words.Take(2));
        return Spelling.Nearest(whole, commands) is { } command
            ? $"; did you mean '{command}'?"
            : Spelling.Hint(words[0], Palettes.All.Select(p => p.Name).Where(name => name != words[0]));
    }

    private static string Names(IEnumerable<string> names) => string.Join(", ", names);
}
