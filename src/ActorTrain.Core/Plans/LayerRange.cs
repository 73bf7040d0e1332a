namespace ActorTrain.Core.Plans;

/// <summary>A run of consecutive layers.</summary>
/// <param name="First">The first layer's index.</param>
/// <param name="Count">How many layers.</param>
public readonly record struct LayerRange(int First, int Count)
{
    /// <summary>The index after the last layer.</summary>
    public int End => First + Count;

    /// <summary>The layers' indices.</summary>
    public IEnumerable<int> Layers => Enumerable.Range(First, Count);
}
