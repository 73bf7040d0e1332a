using ActorTrain.Core.Schedules;

namespace ActorTrain.Core.Simulation;

/// <summary>How long a chunk's actions take, in seconds for one micro-batch.</summary>
/// <param name="Forward">F.</param>
/// <param name="Loss">L; counts on the last chunk only.</param>
/// <param name="Backward">BW.</param>
/// <param name="InputGradient">B.</param>
/// <param name="WeightGradient">W.</param>
/// <param name="Update">The optimizer's <c>Step</c>, once in a step.</param>
public readonly record struct ChunkCost(
    double Forward, double Loss, double Backward, double InputGradient, double WeightGradient, double Update)
{
    /// <summary>The time of an action of this kind.</summary>
    /// <param name="kind">What is done.</param>
    public double Of(ActionKind kind) => kind switch
    {
        ActionKind.Forward => Forward,
        ActionKind.Loss => Loss,
        ActionKind.Backward => Backward,
        ActionKind.InputGradient => InputGradient,
        ActionKind.WeightGradient => WeightGradient,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "not a kind of action"),
    };
}
