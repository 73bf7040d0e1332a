namespace ActorTrain.Core.Plans;

/// <summary>How a layer was measured, and the work behind its times, for one micro-batch.</summary>
/// <param name="Forward">Times of F.</param>
/// <param name="Backward">Times of BW.</param>
/// <param name="InputGradient">Times of B.</param>
/// <param name="WeightGradient">Times of W.</param>
/// <param name="ForwardFlops">
/// Floating-point operations of F's matrix products, two for a multiplication with its addition. BW has twice as many.
/// </param>
/// <param name="ForwardBytes">The least that F moves between memory and processor: input, parameters, and what it keeps and gives.</param>
public sealed record LayerMeasure(
    TimeSpread Forward, TimeSpread Backward, TimeSpread InputGradient, TimeSpread WeightGradient, double ForwardFlops, long ForwardBytes)
{
    /// <summary>Operations for each byte moved: low ones wait for memory, high ones for the processor.</summary>
    public double Intensity => ForwardBytes == 0 ? 0 : ForwardFlops / ForwardBytes;

    /// <summary>Whether the processor, rather than memory, is what F cannot be faster than on a machine (the roofline model).</summary>
    /// <param name="machine">What the machine can do.</param>
    public bool IsComputeBound(MachineMeasure machine) => Intensity > machine.FlopsPerSecond / machine.BytesPerSecond;
}

/// <summary>Times of something that was repeated, in seconds.</summary>
/// <param name="Median">Half of them were shorter.</param>
/// <param name="Low">A quarter of them were shorter.</param>
/// <param name="High">A quarter of them were longer.</param>
public readonly record struct TimeSpread(double Median, double Low, double High)
{
    /// <summary>The spread of some times.</summary>
    /// <param name="seconds">The times; at least one.</param>
    public static TimeSpread Of(IEnumerable<double> seconds)
    {
        var sorted = seconds.Order().ToList();
        return new TimeSpread(sorted[sorted.Count / 2], sorted[sorted.Count / 4], sorted[sorted.Count * 3 / 4]);
    }

    /// <summary>How far apart the quartiles are, relative to the median.</summary>
    public double Relative => Median > 0 ? (High - Low) / Median : 0;
}

/// <summary>What a device can do at best.</summary>
/// <param name="FlopsPerSecond">Floating-point operations of a large matrix product.</param>
/// <param name="BytesPerSecond">Bytes read and written by a large copy.</param>
public sealed record MachineMeasure(double FlopsPerSecond, double BytesPerSecond);

/// <summary>What an edge between two stages of this machine can do.</summary>
/// <param name="Kind">How messages pass.</param>
/// <param name="Codec">How they are encoded, or empty where they are not.</param>
/// <param name="Bytes">The size of a message before it is encoded.</param>
/// <param name="LatencySeconds">Half of a small message's way there and back.</param>
/// <param name="BytesPerSecond">Messages of that size one after another, in bytes before they are encoded.</param>
public sealed record EdgeMeasure(string Kind, string Codec, long Bytes, double LatencySeconds, double BytesPerSecond);
