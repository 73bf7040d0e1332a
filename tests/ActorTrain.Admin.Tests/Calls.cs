using System.Collections.Immutable;
using CsCheck;

namespace ActorTrain.Admin.Tests;

/// <summary>Random commands, all of them right.</summary>
internal static class Calls
{
    /// <summary>All commands.</summary>
    public static ImmutableArray<CommandDeclaration> Commands { get; } = [.. Palettes.All.SelectMany(p => p.Commands)];

    /// <summary>Texts with whatever makes words hard to cut.</summary>
    public static Gen<string> Word { get; } = Gen.String[Gen.Char["ab1 \t\"'\\-=:."], 0, 8];

    /// <summary>A command with values for all its required arguments and some of the others.</summary>
    public static Gen<CommandCall> Right { get; } =
        from command in Gen.Int[0, Commands.Length - 1].Select(i => Commands[i])
        from chosen in Gen.Bool.Array[command.AllArguments.Length]
        from values in Gen.Select(Gen.Int[0, 9999], Word, Gen.Int[1, 65535]).Array[command.AllArguments.Length]
        select new CommandCall(command,
        [
            .. command.AllArguments
                .Select((argument, i) => (argument, Value: ValueOf(argument, values[i]), Chosen: argument.IsRequired || chosen[i]))
                .Where(a => a.Chosen)
                .Select(a => KeyValuePair.Create(a.argument.Name, a.Value)),
        ]);

    /// <summary>The words of a call, each argument with its long switch.</summary>
    public static IReadOnlyList<string> WordsOf(CommandCall call) =>
    [
        .. call.Command.FullName.Split(' '),
        .. call.Values.SelectMany(v => call.Command.AllArguments.Single(a => a.Name == v.Key).TakesValue ? new[] { $"--{v.Key}", v.Value } : [$"--{v.Key}"]),
    ];

    private static string ValueOf(ArgumentDeclaration argument, (int Number, string Word, int Port) some) => argument.Kind switch
    {
        ArgumentKind.Flag => "true",
        ArgumentKind.Number => $"{some.Number}",
        ArgumentKind.Node => $"10.0.0.1:{some.Port}",
        ArgumentKind.Setting => $"steps={some.Word}",
        _ => $"x{some.Word}",
    };
}
