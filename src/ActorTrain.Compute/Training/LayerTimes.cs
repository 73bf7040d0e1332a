using ActorTrain.Core.Plans;

namespace ActorTrain.Compute.Training;

/// <summary>The times of a layer that were taken so far, in seconds.</summary>
internal sealed class LayerTimes
{
    public List<double> Forward { get; } = [];

    public List<double> Backward { get; } = [];

    public List<double> InputGradient { get; } = [];

    public List<double> WeightGradient { get; } = [];

    public LayerMeasure ToMeasure(double flops, long bytes) => new(
        TimeSpread.Of(Forward), TimeSpread.Of(Backward), TimeSpread.Of(InputGradient), TimeSpread.Of(WeightGradient), flops, bytes);
}
