using System.Text;

namespace ActorTrain.Admin;

/// <summary>Help, made of declarations.</summary>
public static class CommandHelp
{
    /// <summary>How a command is written: <c>cluster leave [-a|--address] HOST:PORT [--json] [-y|--yes]</c>.</summary>
    /// <param name="command">The command.</param>
    public static string Usage(CommandDeclaration command) => string.Join(' ', command.AllArguments.Select(Usage).Prepend(command.FullName));

    /// <summary>The palettes with their commands.</summary>
    public static string All()
    {
        var text = new StringBuilder();
        foreach (var palette in Palettes.All)
            text.Append(Of(palette)).Append('\n');
        return text.ToString().TrimEnd('\n');
    }

    /// <summary>The commands of a palette.</summary>
    /// <param name="palette">The palette.</param>
    public static string Of(Palette palette)
    {
        var text = new StringBuilder($"{palette.Name}: {palette.Help}\n");
        var width = Palettes.All.SelectMany(p => p.Commands).Max(c => c.FullName.Length);
        foreach (var command in palette.Commands)
            text.Append("  ").Append(command.FullName.PadRight(width)).Append("  ").Append(command.Help).Append('\n');
        return text.ToString();
    }

    /// <summary>A command with its arguments.</summary>
    /// <param name="command">The command.</param>
    public static string Of(CommandDeclaration command)
    {
        var text = new StringBuilder($"{Usage(command)}\n{command.Help}\n");
        var names = command.AllArguments.Select(a => string.Join(", ", a.Switches) + (a.TakesValue ? $" {a.ValueName}" : "")).ToList();
        var width = names.Max(n => n.Length);
        foreach (var (argument, name) in command.AllArguments.Zip(names))
            text.Append("  ").Append(name.PadRight(width)).Append("  ").Append(argument.Help).Append('\n');
        return text.ToString();
    }

    /// <summary>Help on what words name: everything, a palette, or a command.</summary>
    /// <param name="words">None, a palette, or a palette and a command.</param>
    /// <exception cref="CommandUsageException">They name nothing.</exception>
    public static string Of(IReadOnlyList<string> words) => words switch
    {
        [] => All(),
        [var name] when Palettes.All.FirstOrDefault(p => p.Name == name) is { } palette => Of(palette),
        [var palette, var name] when Palettes.Find($"{palette} {name}") is { } command => Of(command),
        _ => throw new CommandUsageException($"there is no help on '{string.Join(' ', words)}'; a palette or a command is right: {string.Join(", ", Palettes.All.Select(p => p.Name))}"),
    };

    private static string Usage(ArgumentDeclaration argument)
    {
        var name = string.Join('|', argument.Switches);
        var text = (argument.TakesValue, argument.IsPositional) switch
        {
            (false, _) => name,
            (true, false) => $"{name} {argument.ValueName}",
            (true, true) => $"[{name}] {argument.ValueName}",
        };
        text = argument.IsRequired ? text : $"[{text}]";
        return argument.IsRepeated ? $"{text}..." : text;
    }
}
