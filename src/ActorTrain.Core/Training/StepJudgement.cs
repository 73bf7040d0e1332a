using System.Collections.Immutable;

namespace ActorTrain.Core.Training;

/// <summary>A verdict with what it was reached from.</summary>
/// <param name="Verdict">What all stages do.</param>
/// <param name="GradientNorm">The global norm of the step's gradients before clipping.</param>
/// <param name="LayerNorms">The norm of each layer's gradients before clipping.</param>
public sealed record StepJudgement(Verdict Verdict, double GradientNorm, ImmutableArray<double> LayerNorms);
