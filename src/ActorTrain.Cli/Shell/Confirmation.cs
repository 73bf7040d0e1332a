using ActorTrain.Admin;

namespace ActorTrain.Cli.Shell;

/// <summary>Asks before something is taken away.</summary>
internal static class Confirmation
{
    /// <summary>Whether a command may be carried out.</summary>
    /// <exception cref="CommandUsageException">It has to be confirmed, and there is no terminal to ask on.</exception>
    public static bool Allows(CommandCall call)
    {
        if (!call.Command.IsDestructive || call.Has("yes"))
            return true;
        if (Console.IsInputRedirected || Console.IsOutputRedirected)
            throw new CommandUsageException($"'{call.Command.FullName}' asks before it does anything, and there is no terminal to ask on; with --yes it does not ask");
        Console.Write($"{call.Command.FullName} {string.Join(' ', call.Values.Where(v => v.Key != "json").Select(v => v.Value))}".TrimEnd() + ": sure? [y/N] ");
        return Console.ReadLine()?.Trim() is "y" or "Y" or "yes";
    }
}
