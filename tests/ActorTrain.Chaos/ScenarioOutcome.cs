namespace ActorTrain.Chaos;

/// <summary>What came out of a scenario.</summary>
/// <param name="Happened">What was done to the nodes.</param>
/// <param name="Recoveries">The seconds that each recovery took.</param>
/// <param name="ResidentBytes">The most memory that one node had resident at the end.</param>
/// <param name="Digest">The SHA-256 of the weights, or null.</param>
/// <param name="Problem">What was wrong apart from the weights, or null.</param>
internal sealed record ScenarioOutcome(
    IReadOnlyList<string> Happened, IReadOnlyList<double> Recoveries, long ResidentBytes, string? Digest, string? Problem);
