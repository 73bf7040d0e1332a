using System.Diagnostics;
using System.Globalization;
using Spectre.Console;
using Spectre.Console.Cli;

namespace ActorTrain.Chaos;

/// <summary>Runs scenarios one after the other and compares each with the plain loop; exit code 1 when one differs.</summary>
internal sealed class ChaosCommand : AsyncCommand<ChaosSettings>
{
    private const string Same = "same weights";

    // A recovery allocates what the collector has not taken back by the end; a leak would grow with the steps.
    private const long MostGrowth = 300_000_000;

    /// <inheritdoc/>
    public override async Task<int> ExecuteAsync(CommandContext context, ChaosSettings settings, CancellationToken cancellationToken)
    {
        var directory = Directory.CreateTempSubdirectory("actortrain-chaos-").FullName;
        var table = new Table().RoundedBorder().AddColumns("seed", "what happened", "recoveries", "slowest", "resident", "grown", "result");
        var clock = Stopwatch.StartNew();
        List<ScenarioOutcome> outcomes = [];
        var failures = 0;
        try
        {
            var expected = Scenario.PlainDigest(directory, settings.Steps);
            for (var i = 0; i < settings.Scenarios && clock.Elapsed < TimeSpan.FromMinutes(settings.Minutes); i++)
            {
                var seed = settings.Seed + i;
                var place = Path.Combine(directory, seed.ToString(CultureInfo.InvariantCulture));
                var outcome = await new Scenario(seed, settings.Steps, place).RunAsync(cancellationToken).ConfigureAwait(false);
                Directory.Delete(place, recursive: true);
                outcomes.Add(outcome);
                var verdict = Verdict(outcome, expected);
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seed {seed}: {string.Join(", ", outcome.Happened)}: {verdict}"));
                if (verdict != Same)
                {
                    failures++;
                    Console.WriteLine(outcome.Notes);
                }

                table.AddRow(Row(seed, outcome, verdict));
            }
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }

        AnsiConsole.Write(table);
        Console.WriteLine(Summary(outcomes, failures));
        return failures == 0 && outcomes.Count > 0 ? 0 : 1;
    }

    private static string Verdict(ScenarioOutcome outcome, string expected) =>
        outcome.Problem is { } problem ? problem
        : outcome.Digest != expected ? $"other weights: {outcome.Digest?[..12]}"
        : outcome.GrownBytes > MostGrowth ? string.Create(CultureInfo.InvariantCulture, $"memory grew by {outcome.GrownBytes / 1e6:F0} MB")
        : Same;

    private static string[] Row(int seed, ScenarioOutcome outcome, string verdict) =>
    [
        seed.ToString(CultureInfo.InvariantCulture),
        Markup.Escape(string.Join(", ", outcome.Happened)),
        outcome.Recoveries.Count.ToString(CultureInfo.InvariantCulture),
        outcome.Recoveries.Count == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{outcome.Recoveries.Max():F2} s"),
        string.Create(CultureInfo.InvariantCulture, $"{outcome.ResidentBytes / 1e6:F0} MB"),
        string.Create(CultureInfo.InvariantCulture, $"{outcome.GrownBytes / 1e6:F0} MB"),
        Markup.Escape(verdict),
    ];

    private static string Summary(List<ScenarioOutcome> outcomes, int failures)
    {
        var pauses = outcomes.SelectMany(o => o.KillPauses).Order().ToList();
        var text = string.Create(CultureInfo.InvariantCulture, $"{outcomes.Count} scenarios, {failures} failed");
        return pauses.Count == 0
            ? text
            : text + string.Create(
                CultureInfo.InvariantCulture, $"; {pauses.Count} kills, to the next new step: median {pauses[pauses.Count / 2]:F2} s, slowest {pauses[^1]:F2} s");
    }
}
