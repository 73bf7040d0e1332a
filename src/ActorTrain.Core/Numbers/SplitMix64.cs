namespace ActorTrain.Core.Numbers;

/// <summary>The generator SplitMix64 (Steele, Lea and Flood 2014), from which keys and seeds are mixed.</summary>
public static class SplitMix64
{
    /// <summary>The generator's next number after a state: its step, then its finalizer. A bijection of 64 bits.</summary>
    /// <param name="state">The state.</param>
    public static ulong Next(ulong state)
    {
        var z = state + 0x9E3779B97F4A7C15UL;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
