namespace ActorTrain.Core.Simulation;

/// <summary>How jitter is distributed.</summary>
public enum JitterKind
{
    /// <summary>
    /// A factor exp(s·z − s²/2) with z standard normal: never negative, mean 1, and a long tail upwards, as real times have.
    /// </summary>
    LogNormal,

    /// <summary>A factor from 1 − s to 1 + s, each as likely.</summary>
    Uniform,
}

/// <summary>
/// Makes each action longer or shorter by a random factor with mean 1. The factor is a function of the seed, the step and
/// the action, not of the order in which they run, so that two schedules or two sets of devices meet the same luck.
/// </summary>
public sealed record Jitter
{
    /// <summary>Creates a jitter.</summary>
    /// <param name="seed">Chooses the factors.</param>
    /// <param name="spread">s above. 0 is no jitter.</param>
    /// <param name="kind">The distribution.</param>
    /// <exception cref="ArgumentOutOfRangeException">The spread is negative, not finite, or above 1 for a uniform jitter.</exception>
    public Jitter(ulong seed, double spread, JitterKind kind = JitterKind.LogNormal)
    {
        var most = kind == JitterKind.Uniform ? 1 : double.MaxValue;
        if (!(spread >= 0 && spread <= most))
            throw new ArgumentOutOfRangeException(nameof(spread), spread, $"the spread of a {kind} jitter is from 0 to {most}");
        (Seed, Spread, Kind) = (seed, spread, kind);
    }

    /// <summary>Chooses the factors.</summary>
    public ulong Seed { get; }

    /// <summary>How far the factors spread.</summary>
    public double Spread { get; }

    /// <summary>The distribution.</summary>
    public JitterKind Kind { get; }

    /// <summary>The factor of something that runs once in a step.</summary>
    /// <param name="step">The step.</param>
    /// <param name="chunk">The chunk.</param>
    /// <param name="kind">The kind of action as a number, or another number for what is none.</param>
    /// <param name="microBatch">The micro-batch.</param>
    internal double Factor(int step, int chunk, int kind, int microBatch)
    {
        var key = Mix(Mix(Seed ^ ((ulong)(uint)step << 32) ^ (uint)chunk) ^ ((ulong)(uint)kind << 32) ^ (uint)microBatch);
        var u = Fraction(key);
        if (Kind == JitterKind.Uniform)
            return 1 + Spread * (2 * u - 1);
        // Box and Muller; 1 − u is above 0.
        var z = Math.Sqrt(-2 * Math.Log(1 - u)) * Math.Cos(2 * Math.PI * Fraction(Mix(key)));
        return Math.Exp(Spread * z - Spread * Spread / 2);
    }

    private static double Fraction(ulong bits) => (bits >> 11) * (1.0 / (1UL << 53));

    /// <summary>The step and finalizer of SplitMix64 (Steele et al. 2014).</summary>
    private static ulong Mix(ulong z)
    {
        z += 0x9E3779B97F4A7C15UL;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
