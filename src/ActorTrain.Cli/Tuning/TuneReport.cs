using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using ActorTrain.Core.Advice;
using Spectre.Console;

namespace ActorTrain.Cli.Tuning;

/// <summary>Shows what was suggested, and what trying it gave.</summary>
internal static class TuneReport
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Prints for people.</summary>
    /// <param name="advice">What was suggested.</param>
    /// <param name="measured">What trying gave.</param>
    public static void Print(AdviceResult advice, ImmutableDictionary<Suggestion, double> measured)
    {
        var plan = advice.Present.Plan;
        AnsiConsole.WriteLine(Text($"now: {plan.Schedule.Name}, {plan.Schedule.Shape.MicroBatches} micro-batches, partition [{plan.Partition}]: predicted {advice.StepSeconds * 1e3:F1} ms a step, bubble {plan.BubbleFraction:P1}"));
        if (advice.Present.WorstOver is var (device, bytes))
            AnsiConsole.WriteLine(Text($"it does not fit: {plan.Devices[device]} (device {device}) lacks {bytes / (1024.0 * 1024):N1} MiB"));
        if (advice.Suggestions.IsEmpty)
        {
            AnsiConsole.WriteLine(Text($"nothing is predicted to save {Advisor.LeastGain:P1} of a step or more"));
            return;
        }

        var table = new Table().RoundedBorder().AddColumns("set", "step ms", "saves, predicted", "measured", "weights", "why");
        foreach (var suggestion in advice.Suggestions)
            table.AddRow(
                Markup.Escape(string.Join("\n", suggestion.Overrides)),
                Text($"{suggestion.StepSeconds * 1e3:F1}"),
                suggestion.Gain is { } gain ? Text($"{gain:P1}") : "makes it fit",
                measured.TryGetValue(suggestion, out var saved) ? Text($"{saved:P1}") : "",
                Bits(suggestion.Bits),
                Markup.Escape(suggestion.Reason));
        AnsiConsole.Write(table);
        if (advice.Suggestions.Any(s => s.Bits != BitsEffect.Same))
            AnsiConsole.WriteLine("weights: whether they come out with the bits of the present job's; where not, do not change a run that is under way");
    }

    /// <summary>The same in JSON; times in seconds, gains from 0 to 1.</summary>
    /// <param name="advice">What was suggested.</param>
    /// <param name="measured">What trying gave.</param>
    public static string ToJson(AdviceResult advice, ImmutableDictionary<Suggestion, double> measured)
    {
        var plan = advice.Present.Plan;
        return JsonSerializer.Serialize(
            new
            {
                present = new
                {
                    schedule = plan.Schedule.Name,
                    microBatches = plan.Schedule.Shape.MicroBatches,
                    partition = plan.Partition.Counts,
                    stepSeconds = advice.StepSeconds,
                    fits = advice.Present.Fits,
                },
                suggestions = advice.Suggestions.Select(s => new
                {
                    settings = s.Settings,
                    stepSeconds = s.StepSeconds,
                    predictedGain = s.Gain,
                    measuredGain = measured.TryGetValue(s, out var saved) ? saved : (double?)null,
                    weights = Bits(s.Bits),
                    memoryBytes = s.Candidate?.Plan.Memory.Max(memory => memory.Total),
                    reason = s.Reason,
                }),
            },
            Options);
    }

    private static string Bits(BitsEffect effect) => effect switch
    {
        BitsEffect.Same => "same bits",
        BitsEffect.LastBits => "other last bits",
        _ => "rounded",
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
