using ActorTrain.Core.Training;

namespace ActorTrain.Runtime.Streams;

/// <summary>A step that has been judged.</summary>
/// <param name="Judgement">The verdict and the gradient norm.</param>
/// <param name="Loss">The step's mean loss.</param>
internal sealed record StepOutcome(StepJudgement Judgement, double Loss);
