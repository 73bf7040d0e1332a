using System.Globalization;
using System.Text.Json;

namespace ActorTrain.Chaos;

/// <summary>What a run's files say about its steps: each has to be there once, in order.</summary>
internal static class CommitLog
{
    /// <summary>Looks for steps that were lost or taken twice.</summary>
    /// <param name="runDirectory">The run.</param>
    /// <param name="steps">How many there should be.</param>
    /// <returns>What is wrong, or null.</returns>
    public static string? Check(string runDirectory, long steps)
    {
        var file = Path.Combine(runDirectory, "metrics.jsonl");
        var expected = 1L;
        foreach (var line in File.ReadLines(file))
        {
            using var document = JsonDocument.Parse(line);
            if (document.RootElement.GetProperty("event").GetString() != "step")
                continue;
            var step = document.RootElement.GetProperty("step").GetInt64();
            if (step != expected)
                return string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileName(file)} has step {step} where {expected} comes next");
            expected++;
        }

        return expected == steps + 1 ? null : string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileName(file)} ends with step {expected - 1} of {steps}");
    }
}
