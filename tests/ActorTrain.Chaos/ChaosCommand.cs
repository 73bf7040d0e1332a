using System.Diagnostics;
using System.Globalization;
using Spectre.Console;
using Spectre.Console.Cli;

namespace ActorTrain.Chaos;

/// <summary>Runs scenarios one after the other and compares each with the plain loop; exit code 1 when one differs.</summary>
internal sealed class ChaosCommand : AsyncCommand<ChaosSettings>
{
    /// <inheritdoc/>
    public override async Task<int> ExecuteAsync(CommandContext context, ChaosSettings settings, CancellationToken cancellationToken)
    {
        var directory = Directory.CreateTempSubdirectory("actortrain-chaos-").FullName;
        var table = new Table().RoundedBorder().AddColumns("seed", "what happened", "recoveries", "slowest", "resident", "result");
        var clock = Stopwatch.StartNew();
        var failures = 0;
        try
        {
            var expected = Scenario.PlainDigest(directory);
            for (var i = 0; i < settings.Scenarios && clock.Elapsed < TimeSpan.FromMinutes(settings.Minutes); i++)
            {
                var seed = settings.Seed + i;
                var outcome = await new Scenario(seed, Path.Combine(directory, seed.ToString(CultureInfo.InvariantCulture))).RunAsync(cancellationToken).ConfigureAwait(false);
                var verdict = outcome.Problem ?? (outcome.Digest == expected ? "same weights" : $"other weights: {outcome.Digest?[..12]}");
                failures += verdict == "same weights" ? 0 : 1;
                AnsiConsole.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seed {seed}: {string.Join(", ", outcome.Happened)}: {verdict}"));
                table.AddRow(
                    seed.ToString(CultureInfo.InvariantCulture),
                    Markup.Escape(string.Join(", ", outcome.Happened)),
                    outcome.Recoveries.Count.ToString(CultureInfo.InvariantCulture),
                    outcome.Recoveries.Count == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{outcome.Recoveries.Max():F2} s"),
                    string.Create(CultureInfo.InvariantCulture, $"{outcome.ResidentBytes / 1e6:F0} MB"),
                    Markup.Escape(verdict));
            }
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }

        AnsiConsole.Write(table);
        return failures == 0 ? 0 : 1;
    }
}
