using System.Collections.Immutable;
using ActorTrain.Core.Plans;
using ActorTrain.Core.Schedules;

namespace ActorTrain.Core.Advice;

/// <summary>
/// Turns what is known about a job into changes of its settings. Each is a plan that the simulator judges beside the
/// present one, with the same measured times and under the same conditions: a single setting at a time, and the best
/// combinations of them.
/// </summary>
public static class Advisor
{
    /// <summary>What saves less of a step's time is not worth a change, and less than what predictions are off by.</summary>
    public const double LeastGain = 0.005;

    /// <summary>Finds what would make a job faster.</summary>
    /// <param name="request">The job.</param>
    /// <exception cref="PlanException">Nothing can be planned for the job's devices.</exception>
    /// <exception cref="ScheduleException">The job's schedule does not exist for its shape.</exception>
    public static AdviceResult Advise(AdviceRequest request)
    {
        var present = PlanSearch.Choose(request.Present).Best;
        var judge = new PlanJudge(request.Conditions);
        var search = new SuggestionSearch(request, present, judge);
        var now = search.Seconds(request.Present, present, request.Sizes);
        var found = search.Find().Concat(search.FindCodecs());
        if (request.Conditions is { } conditions)
            found = found.Concat(ConditionAdvice.Of(conditions, now));
        return new AdviceResult(present, now, Rank(found, present, now));
    }

    /// <summary>From the most to the least gain; of several ways to the same, the one that changes least.</summary>
    private static ImmutableArray<Suggestion> Rank(IEnumerable<Suggestion> found, PlanCandidate present, double now) =>
    [
        .. found
            .Where(s => s.Candidate?.Fits != false)
            .Select(s => s with { Gain = present.Fits ? 1 - s.StepSeconds / now : null })
            .Where(s => s.Gain is null or >= LeastGain)
            .OrderBy(s => s.StepSeconds).ThenBy(s => s.Bits).ThenBy(s => s.Settings.Length)
            .DistinctBy(s => s.ToString()),
    ];
}
