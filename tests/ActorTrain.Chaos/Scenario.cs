using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace ActorTrain.Chaos;

/// <summary>
/// One job on a few nodes, and a random order of kills, hangs, cuts, leaves, joins and returns, each at a random step. What
/// is drawn follows from the seed.
/// </summary>
/// <param name="seed">The seed.</param>
/// <param name="steps">The job's steps.</param>
/// <param name="directory">Where its files go.</param>
internal sealed partial class Scenario(int seed, int steps, string directory)
{
    // A process that starts computing has its largest libraries and buffers after this many steps.
    private const int WarmUp = 100;

    // A node without a stage is not missed; its death says nothing about recovery.
    private static readonly TimeSpan NotMissed = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(6);

    // A scenario has to be the same whenever it is run with its seed.
    private readonly Random _random = new(seed);
    private readonly List<double> _killPauses = [];
    private string? _problem;
    private string? _digest;
    private string? _runDirectory;
    private long _expected = 1;
    private long _warmBytes;

    /// <summary>The digest of the plain loop.</summary>
    public static string PlainDigest(string directory, int steps)
    {
        using var process = Tool.Start([], ["train", .. Job(steps), "--plain", "--set", $"run.directory={directory}"]);
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        var lines = process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return lines.Select(JsonElement (line) => JsonDocument.Parse(line).RootElement)
            .Where(e => e.GetProperty("event").GetString() == "done")
            .Select(e => e.GetProperty("weights_sha256").GetString())
            .FirstOrDefault() ?? throw new InvalidOperationException("the plain loop failed");
    }

    /// <summary>Runs the scenario.</summary>
    public async Task<ScenarioOutcome> RunAsync(CancellationToken cancelled)
    {
        Directory.CreateDirectory(directory);
        using var disturbances = new Disturbances(_random, directory);
        await disturbances.BeginAsync().ConfigureAwait(false);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancelled);
        patience.CancelAfter(Patience);
        using var submit = Tool.Start(
            disturbances.FollowerLauncher, ["submit", .. Job(steps), "--to", disturbances.Contact, "--follow"]);
        var notes = submit.StandardError.ReadToEndAsync(CancellationToken.None);
        try
        {
            await FollowAsync(submit.StandardOutput, disturbances, patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            submit.Kill();
            _problem = string.Create(CultureInfo.InvariantCulture, $"not over within {Patience.TotalMinutes:F0} minutes, at step {_expected - 1}");
        }

        var said = await notes.ConfigureAwait(false);
        if (_digest is null)
            _problem ??= $"no end: {said.Split('\n').LastOrDefault(l => l.Length > 0)}";
        if (_runDirectory is not null && _digest is not null)
            _problem ??= CommitLog.Check(_runDirectory, steps);
        return new ScenarioOutcome
        {
            Happened = disturbances.Happened,
            Recoveries = [.. RecoveryPattern().Matches(said).Select(m => double.Parse(m.Groups[1].ValueSpan, CultureInfo.InvariantCulture))],
            KillPauses = _killPauses,
            ResidentBytes = disturbances.ResidentBytes,
            GrownBytes = disturbances.ResidentBytes - _warmBytes,
            Digest = _digest,
            Problem = _problem,
            Notes = said,
        };
    }

    private static string[] Job(int steps) =>
    [
        "hocon/jobs/kjv-gpt-tiny.conf", "--json", "--set", string.Create(CultureInfo.InvariantCulture, $"steps={steps}"), "--set", "data.validation=0",
        "--set", "checkpoint.every=100", "--set", "recovery.max-restarts=50",
    ];

    private async Task FollowAsync(StreamReader events, Disturbances disturbances, CancellationToken cancelled)
    {
        var (next, lastStep, killedAt, pause) = (NextAt(0), 0L, 0L, TimeSpan.Zero);
        while (await events.ReadLineAsync(cancelled).ConfigureAwait(false) is { } line)
        {
            if (Read(line) is not { } step)
                continue;

            // The first new step after a kill is behind the longest pause that follows it.
            var now = Stopwatch.GetTimestamp();
            if (killedAt != 0 && Stopwatch.GetElapsedTime(Math.Max(lastStep, killedAt), now) is var gap && gap > pause)
                pause = gap;
            lastStep = now;
            if (step == WarmUp)
                _warmBytes = disturbances.ResidentBytes;
            if (step < next)
                continue;
            if (pause > NotMissed)
                _killPauses.Add(pause.TotalSeconds);
            next = NextAt(step);
            var what = await disturbances.NextAsync(step).ConfigureAwait(false);
            (killedAt, pause) = (what == "kill" ? Stopwatch.GetTimestamp() : 0, TimeSpan.Zero);
        }
    }

    private long? Read(string line)
    {
        using var document = Parse(line);
        if (document is null)
            return null;
        var root = document.RootElement;
        switch (root.GetProperty("event").GetString())
        {
            case "done":
                _digest = root.GetProperty("weights_sha256").GetString();
                _runDirectory = root.GetProperty("run_directory").GetString();
                return null;
            case "step":
                var step = root.GetProperty("step").GetInt64();
                if (step != _expected)
                    _problem ??= string.Create(CultureInfo.InvariantCulture, $"step {step} was told where {_expected} comes next");
                _expected = step + 1;
                return step;
            default:
                return null;
        }
    }

    private JsonDocument? Parse(string line)
    {
        try
        {
            return JsonDocument.Parse(line);
        }
        catch (JsonException)
        {
            _problem ??= $"a line of output is no event: {line}";
            return null;
        }
    }

    private long NextAt(long step) => step + _random.Next(150, 500);

    [GeneratedRegex(@"recovered in ([\d.]+) s")]
    private static partial Regex RecoveryPattern();
}
