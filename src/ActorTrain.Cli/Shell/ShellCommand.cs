using ActorTrain.Admin;
using ActorTrain.Cli.Commands;
using Spectre.Console.Cli;

namespace ActorTrain.Cli.Shell;

/// <summary>Administers a cluster: one command, or line by line, on a terminal with editing, history and completion.</summary>
internal sealed class ShellCommand : AsyncCommand<ShellSettings>
{
    /// <inheritdoc/>
    public override async Task<int> ExecuteAsync(CommandContext context, ShellSettings settings, CancellationToken cancellationToken)
    {
        Tables.WidenPipe();
        await using var session = new ShellSession(settings.Contact, settings.Tls.Settings);
        if (context.Remaining.Raw is { Count: > 0 } words)
            return await session.RunAsync([.. words]).ConfigureAwait(false);
        return Console.IsInputRedirected
            ? await RunAllAsync(session).ConfigureAwait(false)
            : await InteractAsync(session, settings.Contact).ConfigureAwait(false);
    }

    // As in other shells the exit code is the last line's.
    private static async Task<int> RunAllAsync(ShellSession session)
    {
        var code = ExitCode.Done;
        while (!session.IsOver && await Console.In.ReadLineAsync().ConfigureAwait(false) is { } line)
            code = await RunLineAsync(session, line).ConfigureAwait(false);
        return code;
    }

    private static async Task<int> InteractAsync(ShellSession session, string contact)
    {
        await session.ConnectAsync().ConfigureAwait(false);
        Console.WriteLine($"connected to {contact}; help tells the commands, Tab completes, exit or Ctrl-D ends");
        var file = new HistoryFile();
        var editor = new LineEditor($"{contact}> ", file.Read(), session.Complete);
        while (!session.IsOver && editor.Read() is { } line)
        {
            file.Append(line);
            await RunLineAsync(session, line).ConfigureAwait(false);
        }

        return ExitCode.Done;
    }

    private static async Task<int> RunLineAsync(ShellSession session, string line)
    {
        try
        {
            var words = CommandWords.Split(line);
            return words.Count == 0 ? ExitCode.Done : await session.RunAsync([.. words]).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            return Failures.Report(e);
        }
    }
}
