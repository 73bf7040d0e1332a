using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace ActorTrain.Chaos;

/// <summary>
/// One job on a few nodes, and a random order of kills, hangs, leaves and joins, each at a random step. Never more than a
/// minority is away at a time, since the rest would stop; what is drawn follows from the seed.
/// </summary>
/// <param name="seed">The seed.</param>
/// <param name="directory">Where its files go.</param>
internal sealed partial class Scenario(int seed, string directory)
{
    private const int Steps = 500;
    private const int FewestNodes = 3;
    private const int MostNodes = 5;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    private static readonly string[] Job =
    [
        "hocon/jobs/kjv-gpt-tiny.conf", "--json", "--set", string.Create(CultureInfo.InvariantCulture, $"steps={Steps}"), "--set", "data.validation=0",
        "--set", "checkpoint.every=100", "--set", "recovery.max-restarts=50",
    ];

    // A scenario has to be the same whenever it is run with its seed.
    private readonly Random _random = new(seed);
    private readonly List<Node> _nodes = [];
    private readonly List<string> _happened = [];
    private int _started;

    /// <summary>The digest of the plain loop.</summary>
    public static string PlainDigest(string directory)
    {
        using var process = Tool.Start(["train", .. Job, "--plain", "--set", $"run.directory={directory}"]);
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        return Done(process.StandardOutput.ReadToEnd()) ?? throw new InvalidOperationException("the plain loop failed");
    }

    /// <summary>Runs the scenario.</summary>
    public async Task<ScenarioOutcome> RunAsync(CancellationToken cancelled)
    {
        Directory.CreateDirectory(directory);
        try
        {
            for (var i = 0; i < _random.Next(FewestNodes, MostNodes); i++)
                await StartNodeAsync().ConfigureAwait(false);
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancelled);
            patience.CancelAfter(Patience);
            return await FollowAsync(patience.Token).ConfigureAwait(false);
        }
        finally
        {
            _nodes.ForEach(node => node.Dispose());
        }
    }

    private async Task<ScenarioOutcome> FollowAsync(CancellationToken cancelled)
    {
        using var submit = Tool.Start(["submit", .. Job, "--to", _nodes[0].Address, "--follow"]);
        var notes = submit.StandardError.ReadToEndAsync(CancellationToken.None);
        var (next, expected, problem) = (NextAt(0), 1L, (string?)null);
        string? digest = null;
        try
        {
            while (await submit.StandardOutput.ReadLineAsync(cancelled).ConfigureAwait(false) is { } line)
            {
                digest ??= Done(line);
                if (StepOf(line) is not { } step)
                    continue;
                if (step != expected)
                    problem ??= string.Create(CultureInfo.InvariantCulture, $"step {step} was told where {expected} comes next");
                expected = step + 1;
                if (step < next)
                    continue;
                next = NextAt(step);
                await DisturbAsync(step).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            submit.Kill();
            problem = string.Create(CultureInfo.InvariantCulture, $"not over within {Patience.TotalMinutes:F0} minutes, at step {expected - 1}");
        }

        var said = await notes.ConfigureAwait(false);
        if (digest is null)
            problem ??= $"no end: {said.Split('\n').LastOrDefault(l => l.Length > 0)}";
        return new ScenarioOutcome(
            _happened,
            [.. RecoveryPattern().Matches(said).Select(m => double.Parse(m.Groups[1].ValueSpan, CultureInfo.InvariantCulture))],
            _nodes.Max(n => n.ResidentBytes),
            digest,
            problem);
    }

    private async Task DisturbAsync(long step)
    {
        var well = _nodes.Where(n => n.IsWell).ToList();
        var away = _nodes.Count - well.Count;
        var mayLose = well.Count > FewestNodes - 1 && (away + 1) * 2 < _nodes.Count;
        var what = _random.Next(mayLose ? 4 : 1);
        if (what == 0 || !mayLose)
        {
            if (well.Count < MostNodes)
                await StartNodeAsync().ConfigureAwait(false);
            Tell("join", step, _nodes[^1]);
            return;
        }

        var victim = well[_random.Next(well.Count)];
        var (name, signal) = what switch { 1 => ("kill", "KILL"), 2 => ("hang", "STOP"), _ => ("leave", "TERM") };
        victim.Signal(signal);
        Tell(name, step, victim);
    }

    private void Tell(string what, long step, Node node) =>
        _happened.Add(string.Create(CultureInfo.InvariantCulture, $"{what} {node.Number}@{step}"));

    private async Task StartNodeAsync() =>
        _nodes.Add(await Node.StartAsync(_started++, directory, [.. _nodes.Where(n => n.IsWell).Select(n => n.Address)]).ConfigureAwait(false));

    private long NextAt(long step) => step + _random.Next(60, 200);

    private static long? StepOf(string line)
    {
        using var document = JsonDocument.Parse(line);
        return document.RootElement.GetProperty("event").GetString() == "step" ? document.RootElement.GetProperty("step").GetInt64() : null;
    }

    private static string? Done(string lines) => lines.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => JsonDocument.Parse(line).RootElement)
        .Where(e => e.GetProperty("event").GetString() == "done")
        .Select(e => e.GetProperty("weights_sha256").GetString())
        .FirstOrDefault();

    [GeneratedRegex(@"recovered in ([\d.]+) s")]
    private static partial Regex RecoveryPattern();
}
