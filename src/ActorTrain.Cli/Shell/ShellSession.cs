using System.Collections.Immutable;
using System.Globalization;
using ActorTrain.Admin;
using ActorTrain.Cli.Commands;
using ActorTrain.Core.Settings;
using ActorTrain.Runtime.Cluster.Clients;

namespace ActorTrain.Cli.Shell;

/// <summary>Carries commands out on a cluster and prints what they answer.</summary>
/// <param name="contact">The contact, as <c>HOST:PORT</c>.</param>
/// <param name="tls">Mutual TLS when the cluster has it, or null.</param>
internal sealed class ShellSession(string contact, TlsSettings? tls) : IAsyncDisposable
{
    private static readonly TimeSpan WatchPause = TimeSpan.FromSeconds(2);

    // What is completed is looked up once in a while, for Tab should be quick.
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(3);

    private static readonly string[] OwnWords = ["exit", "help", "watch"];

    private readonly Dictionary<ArgumentKind, (DateTime At, ImmutableArray<string> Values)> _known = [];
    private JobClient? _client;

    /// <summary>Whether the session was asked to end.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Connects, if that is not done yet.</summary>
    public async Task<JobClient> ConnectAsync() => _client ??= await JobClient.ConnectAsync(contact, tls).ConfigureAwait(false);

    /// <summary>Carries a command out.</summary>
    /// <param name="words">Its words, or those of <c>help</c>, <c>watch</c>, <c>exit</c>.</param>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(string[] words)
    {
        switch (words)
        {
            case ["exit" or "quit"]:
                IsOver = true;
                return ExitCode.Done;
            case ["help", .. var about]:
                Console.WriteLine(CommandHelp.Of(about).TrimEnd());
                if (words.Length == 1)
                    Console.WriteLine("\nhelp [PALETTE [COMMAND]]   watch COMMAND   exit");
                return ExitCode.Done;
            case ["watch", .. var watched]:
                return await WatchAsync(CommandParser.Parse(watched)).ConfigureAwait(false);
            default:
                return await RunAsync(CommandParser.Parse(words)).ConfigureAwait(false);
        }
    }

    /// <summary>What the word that is begun may become.</summary>
    /// <param name="words">The words before it.</param>
    /// <param name="begun">The word so far.</param>
    public ImmutableArray<string> Complete(string[] words, string begun) => words switch
    {
        [] => [.. CommandCompletion.Of([], begun, ValuesOf).Concat(OwnWords.Where(w => w.StartsWith(begun, StringComparison.Ordinal)))],
        ["help" or "watch", .. var rest] => CommandCompletion.Of(rest, begun, ValuesOf),
        _ => CommandCompletion.Of(words, begun, ValuesOf),
    };

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_client is not null)
            await _client.DisposeAsync().ConfigureAwait(false);
    }

    private async Task<int> RunAsync(CommandCall call)
    {
        if (!Confirmation.Allows(call))
            return ExitCode.Failed;
        if (call.Command.Answer == AnswerKind.Stream)
            return await StreamAsync(call).ConfigureAwait(false);
        AnswerView.Print(await AskAsync(call).ConfigureAwait(false), call.Has("json"));
        return ExitCode.Done;
    }

    private async Task<CommandAnswer> AskAsync(CommandCall call)
    {
        // The file is read here: it is on this machine, and the nodes see the whole job with its defaults.
        var job = call.Command.FullName == "train submit" ? SubmitCommand.ReadJob(call["file"]!, call.All("set")) : null;
        var client = await ConnectAsync().ConfigureAwait(false);
        try
        {
            if (job is null)
                return await client.RunAsync(call).ConfigureAwait(false);
            var id = await client.SubmitUnfollowedAsync(call["file"]!, job.Resolved).ConfigureAwait(false);
            return new CommandAnswer(call.Command, [CommandAnswer.Row(call.Command, id)]);
        }
        catch (ClusterUnavailableException)
        {
            // A node that was started again is another one: the next command connects anew.
            _client = null;
            await client.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async Task<int> StreamAsync(CommandCall call)
    {
        var client = await ConnectAsync().ConfigureAwait(false);
        using var interrupt = new Interrupt();
        try
        {
            await foreach (var batch in client.StreamAsync(call, interrupt.Token).ConfigureAwait(false))
                AnswerView.PrintRows(batch, call.Has("json"));
            return ExitCode.Done;
        }
        catch (OperationCanceledException) when (interrupt.Token.IsCancellationRequested)
        {
            return ExitCode.Interrupted;
        }
    }

    private async Task<int> WatchAsync(CommandCall call)
    {
        if (call.Command.Answer == AnswerKind.Stream || call.Command.IsDestructive)
            throw new CommandUsageException($"'{call.Command.FullName}' cannot be watched; a command that answers with a table and changes nothing is right");
        using var interrupt = new Interrupt();
        while (!interrupt.Token.IsCancellationRequested)
        {
            var answer = await AskAsync(call).ConfigureAwait(false);
            if (!Console.IsOutputRedirected)
                Console.Clear();
            AnswerView.Print(answer, call.Has("json"));
            if (!Console.IsOutputRedirected)
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{DateTime.Now:HH:mm:ss}, every {WatchPause.TotalSeconds:F0} s; Ctrl-C ends"));
            await Task.Delay(WatchPause, interrupt.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return ExitCode.Interrupted;
    }

    private IEnumerable<string> ValuesOf(ArgumentKind kind)
    {
        var command = kind switch
        {
            ArgumentKind.Job => "train list",
            ArgumentKind.Node => "cluster show",
            _ => null,
        };
        if (command is null)
            return [];
        if (_known.TryGetValue(kind, out var known) && DateTime.UtcNow - known.At < Fresh)
            return known.Values;
        try
        {
            var answer = AskAsync(new CommandCall(Palettes.Find(command)!, [])).GetAwaiter().GetResult();
            _known[kind] = (DateTime.UtcNow, [.. answer.Rows.Select(row => row[0]).OfType<string>()]);
            return _known[kind].Values;
        }
        catch (Exception e) when (e is ClusterUnavailableException or JobRefusedException)
        {
            return [];
        }
    }
}
