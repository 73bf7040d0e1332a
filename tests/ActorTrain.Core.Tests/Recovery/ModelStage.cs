namespace ActorTrain.Core.Tests.Recovery;

/// <summary>A stage of a modelled run.</summary>
/// <param name="Node">Where it is.</param>
/// <param name="Buddy">Who keeps copies of its snapshots.</param>
/// <param name="First">Its first layer.</param>
/// <param name="Count">How many it has.</param>
internal sealed record ModelStage(int Node, int? Buddy, int First, int Count)
{
    /// <summary>The state of each layer.</summary>
    public Dictionary<int, string> Weights { get; } = [];

    /// <summary>Whether it was asked to end the generation after its step; true when with a checkpoint.</summary>
    public bool? End { get; set; }

    /// <summary>Its layers.</summary>
    public IEnumerable<int> Layers => Enumerable.Range(First, Count);
}
