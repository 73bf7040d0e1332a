namespace ActorTrain.Chaos;

/// <summary>What came out of a scenario.</summary>
internal sealed record ScenarioOutcome
{
    /// <summary>What was done to the nodes.</summary>
    public required IReadOnlyList<string> Happened { get; init; }

    /// <summary>The seconds that each recovery took, from the time that the supervisor knew.</summary>
    public required IReadOnlyList<double> Recoveries { get; init; }

    /// <summary>For each kill the seconds until the next new step, as a follower sees them.</summary>
    public required IReadOnlyList<double> KillPauses { get; init; }

    /// <summary>The most memory that one node had resident at the end.</summary>
    public required long ResidentBytes { get; init; }

    /// <summary>How much that is above the most once all had warmed up.</summary>
    public required long GrownBytes { get; init; }

    /// <summary>The SHA-256 of the weights, or null.</summary>
    public required string? Digest { get; init; }

    /// <summary>What was wrong apart from the weights, or null.</summary>
    public required string? Problem { get; init; }

    /// <summary>What the cluster told the follower.</summary>
    public required string Notes { get; init; }
}
