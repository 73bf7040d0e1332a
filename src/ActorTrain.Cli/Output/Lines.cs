using System.Globalization;
using ActorTrain.Core.Training;
using ActorTrain.Hosting;
using ActorTrain.Hosting.Runs;

namespace ActorTrain.Cli.Output;

/// <summary>What people read, as lines.</summary>
internal static class Lines
{
    /// <summary>What is about to run.</summary>
    public static IEnumerable<string> Of(RunSummary summary)
    {
        yield return Text($"{summary.Job}: {summary.Parameters:N0} parameters, {summary.Steps} steps, {summary.Schedule}");
        for (var i = 0; i < summary.Stages.Length; i++)
            yield return Text($"stage {i}: {summary.Stages[i]}");
        yield return Text($"numerics: {summary.Numerics}");
        if (summary.Progress.Step > 0)
            yield return Text($"resumed after step {summary.Progress.Step}");
    }

    /// <summary>A step.</summary>
    public static string Of(StepCompleted step, RunSummary summary) => Text(
        $"step {step.Step,5}/{summary.Steps}  loss {step.Loss:F4}  norm {step.GradientNorm:F3}  {step.Labels / step.Seconds,8:N0} {summary.Unit}/s  {step.Seconds:F2} s{(step.Skipped ? "  skipped: not finite" : "")}");

    /// <summary>How the run ended.</summary>
    public static IEnumerable<string> Of(TrainingResult result)
    {
        if (result.Sample is { } sample)
        {
            yield return "";
            yield return "sample:";
            yield return sample;
            yield return "";
        }

        yield return Text($"{(result.Interrupted ? "interrupted" : "done")} after step {result.Steps}, loss {result.Loss:F4}");
        if (result.ValidationLoss is { } loss)
            yield return Text($"validation loss {loss:F4}") + (result.ValidationAccuracy is { } share ? Text($", accuracy {share:P2}") : "");
        if (result is { Bubble: { } bubble, BubbleBound: { } bound })
            yield return Text($"bubble {bubble:P1}, the schedule's bound {bound:P1}");
        if (result.PeakMemoryBytes is { } peak)
            yield return Text($"peak memory {peak / (1024.0 * 1024):N0} MiB");
        yield return $"weights sha256 {result.WeightsSha256}";
        yield return $"run directory {result.RunDirectory}";
    }

    /// <summary>What crossed an edge.</summary>
    public static string Of(EdgeUse edge) => Text(
        $"{edge.Bytes / 1e6,9:N2} MB, {edge.Ratio:F2} times smaller than float32; coding {edge.CodingSeconds:F3} s, sending {edge.SendingSeconds:F3} s, waiting for demand {edge.WaitingSeconds:F2} s");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
