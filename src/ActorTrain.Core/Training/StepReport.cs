using System.Collections.Immutable;

namespace ActorTrain.Core.Training;

/// <summary>
/// What the stages know of a step once its gradients are complete. It travels up the pipeline behind the last gradient,
/// and every stage adds its layers.
/// </summary>
/// <param name="Step">The step, from 1.</param>
/// <param name="Loss">The mean loss of the step's labels: the micro-batches' shares, added in their order.</param>
/// <param name="SquaredNorms">For each layer from the reporting stage's first on, the sum of its gradients' squares.</param>
public sealed record StepReport(long Step, double Loss, ImmutableArray<double> SquaredNorms)
{
    /// <summary>The report with a stage's layers put before those that are there.</summary>
    /// <param name="squaredNorms">The sums of the stage's layers, in layer order.</param>
    public StepReport Prepend(ImmutableArray<double> squaredNorms) =>
        this with { SquaredNorms = squaredNorms.AddRange(SquaredNorms) };
}
