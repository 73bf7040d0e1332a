using System.Collections.Immutable;
using ActorTrain.Core.Plans;

namespace ActorTrain.Core.Advice;

/// <summary>What would make a job faster.</summary>
/// <param name="Present">The plan that the job has now.</param>
/// <param name="StepSeconds">What a step of it is predicted to take.</param>
/// <param name="Suggestions">What to change, the best first; empty where nothing helps.</param>
public sealed record AdviceResult(PlanCandidate Present, double StepSeconds, ImmutableArray<Suggestion> Suggestions);
