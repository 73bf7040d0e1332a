using Spectre.Console;

namespace ActorTrain.Cli.Output;

/// <summary>Chooses how a run is shown.</summary>
internal static class RunViews
{
    /// <summary>A live table on a terminal, lines in a pipe, or JSON when asked for.</summary>
    public static IRunView Choose(bool json)
    {
        if (json)
            return new JsonView(Console.Out);
        return Console.IsOutputRedirected || !AnsiConsole.Profile.Capabilities.Interactive
            ? new PlainView(Console.Out)
            : new LiveView(AnsiConsole.Console);
    }
}
