using System.Collections.Immutable;
using ActorTrain.Cli.Commands;
using ActorTrain.Cli.Running;
using ActorTrain.Compute.Devices;
using ActorTrain.Core.Advice;
using ActorTrain.Core.Plans;
using ActorTrain.Hosting.Runs;

namespace ActorTrain.Cli.Tuning;

/// <summary>
/// Runs suggestions for a few steps each, in turn with the job as it is, so that whatever else the machine does meets them
/// alike; medians count.
/// </summary>
internal static class Trials
{
    private const int Rounds = 3;

    /// <summary>Behind the two that warm up.</summary>
    private const int Steps = 6;

    /// <summary>Runs the job as it is and the best suggestions that a short run on this machine can show.</summary>
    /// <param name="settings">The job.</param>
    /// <param name="advice">What was suggested.</param>
    /// <param name="note">Is told what goes on.</param>
    /// <returns>For each suggestion that was tried the share of a step's time that it saved.</returns>
    public static async Task<ImmutableDictionary<Suggestion, double>> RunAsync(TuneSettings settings, AdviceResult advice, Action<string> note)
    {
        // Links between nodes, copies of the state and the like do not show in a few steps in one process.
        var tried = advice.Suggestions.Where(s => s.Candidate is not null && s.Candidate != advice.Present).Take(settings.Try).ToList();
        if (tried.Count == 0 || !advice.Present.Fits)
            return [];
        var present = new List<double>();
        var times = tried.ToDictionary(s => s, _ => new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            note(FormattableString.Invariant($"round {round + 1} of {Rounds}: {tried.Count + 1} runs of {Steps} steps"));
            present.AddRange(await StepsAsync(settings, [], advice.Present.Plan).ConfigureAwait(false));
            foreach (var (suggestion, steps) in times)
                steps.AddRange(await StepsAsync(settings, suggestion.Overrides, suggestion.Candidate!.Plan).ConfigureAwait(false));
        }

        var now = TimeSpread.Of(present).Median;
        return times.ToImmutableDictionary(t => t.Key, t => 1 - TimeSpread.Of(t.Value).Median / now);
    }

    private static async Task<IReadOnlyList<double>> StepsAsync(TuneSettings settings, IEnumerable<string> overrides, PipelinePlan plan)
    {
        using var loaded = LoadedJob.Load(
            settings.Job, [.. settings.Set, .. overrides, "checkpoint.every=0", FormattableString.Invariant($"steps={Steps}")]);
        var run = await TrialRun.OfAsync(
            loaded.Job, plan, new DeviceExecutorOptions { Threads = loaded.Settings.Compute.DeviceThreads }).ConfigureAwait(false);
        return run.Steps;
    }
}
