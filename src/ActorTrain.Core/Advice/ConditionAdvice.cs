namespace ActorTrain.Core.Advice;

/// <summary>What a run's conditions suggest that no plan shows: they add to any plan's time.</summary>
internal static class ConditionAdvice
{
    // Every second snapshot left out saves half of what they take, and so on; each doubles the steps that a crash may lose.
    private const int RarerSnapshots = 4;

    /// <summary>The suggestions.</summary>
    /// <param name="conditions">The conditions.</param>
    /// <param name="now">The present job's predicted time of a step.</param>
    public static IEnumerable<Suggestion> Of(RunConditions conditions, double now)
    {
        if (conditions is { SnapshotShare: > 0, SnapshotEvery: { } every })
            yield return Of(
                new SuggestedSetting(conditions.IsCluster ? "snapshot.every" : "checkpoint.every", FormattableString.Invariant($"{every * RarerSnapshots}")),
                now * (1 - conditions.SnapshotShare * (1 - 1.0 / RarerSnapshots)),
                FormattableString.Invariant($"copies of the state took {conditions.SnapshotShare:P1} of the devices' time; a crash may then cost up to {every * RarerSnapshots} steps"));

        // The median hand-off is what the runtime costs; what is above it is threads that waited for a core.
        var late = conditions.HandOffShare - conditions.HandOffShareAtMedian;
        if (late > 0 && !conditions.HasIdleThreads)
            yield return Of(
                new SuggestedSetting("actortrain.compute.device-threads", "idle"),
                now * (1 - late),
                FormattableString.Invariant($"hand-offs that waited for a core took {late:P1} of the devices' time; at most that is gained, where nothing else wants the cores"));
    }

    private static Suggestion Of(SuggestedSetting setting, double seconds, string reason) => new()
    {
        Settings = [setting],
        StepSeconds = seconds,
        Gain = null,
        Bits = BitsEffect.Same,
        Reason = reason,
    };
}
