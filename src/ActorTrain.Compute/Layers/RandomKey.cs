namespace ActorTrain.Compute.Layers;

/// <summary>Derives independent seeds from a few numbers (the finalizer of SplitMix64, Steele et al. 2014).</summary>
public static class RandomKey
{
    /// <summary>A seed that depends on every part and on their order.</summary>
    /// <param name="parts">The numbers, such as seed, layer, step and micro-batch.</param>
    public static ulong Mix(params ReadOnlySpan<ulong> parts)
    {
        ulong key = 0;
        foreach (var part in parts)
            key = Finalize(key + 0x9E3779B97F4A7C15UL + Finalize(part + 0x9E3779B97F4A7C15UL));
        return key;
    }

    private static ulong Finalize(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
