namespace ActorTrain.Cli.Shell;

/// <summary>Tells the tool's own arguments from the words of a shell command, which have switches of their own.</summary>
internal static class ShellArguments
{
    private const string Separator = "--";

    /// <summary>Puts a separator before the words of the command.</summary>
    /// <param name="arguments">The program's arguments.</param>
    /// <returns>The same for any other command than <c>shell</c>.</returns>
    public static string[] Separate(string[] arguments)
    {
        if (arguments is not ["shell", ..] || arguments.Contains(Separator))
            return arguments;
        var at = 1;
        while (at < arguments.Length && Length(arguments[at]) is > 0 and var length)
            at += length;
        return at < arguments.Length ? [.. arguments[..at], Separator, .. arguments[at..]] : arguments;
    }

    // Only a contact has a colon: no palette has one.
    private static int Length(string argument) => argument switch
    {
        "-h" or "--help" => 1,
        ['-', '-', 't', 'l', 's', '-', ..] => argument.Contains('=') ? 1 : 2,
        _ => argument.Contains(':') ? 1 : 0,
    };
}
