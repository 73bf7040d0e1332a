using ActorTrain.Core.Numbers;

namespace ActorTrain.Compute.Layers;

/// <summary>Derives independent seeds from a few numbers with <see cref="SplitMix64"/>.</summary>
public static class RandomKey
{
    /// <summary>A seed that depends on every part and on their order.</summary>
    /// <param name="parts">The numbers, such as seed, layer, step and micro-batch.</param>
    public static ulong Mix(params ReadOnlySpan<ulong> parts)
    {
        ulong key = 0;
        foreach (var part in parts)
            key = SplitMix64.Next(key + SplitMix64.Next(part));
        return key;
    }
}
