using System.Collections.Immutable;

namespace ActorTrain.Core.Settings;

/// <summary>How a step's batch is cut.</summary>
/// <param name="Sequences">Sequences (or images) of the global batch.</param>
/// <param name="MicroBatches">Micro-batches of a step; divides <paramref name="Sequences"/>.</param>
/// <param name="ChoosesMicroBatches">
/// Whether the planner is to choose another number before the run (<c>micro-batches = auto</c>); until then
/// <paramref name="MicroBatches"/> stands for it.
/// </param>
public sealed record BatchSettings(int Sequences, int MicroBatches, bool ChoosesMicroBatches = false)
{
    // More than eight for each device save little of the bubble, and each makes products smaller.
    private const int MostForEachDevice = 8;

    /// <summary>The numbers to choose from.</summary>
    /// <param name="devices">The devices that the run has.</param>
    public ImmutableArray<int> MicroBatchChoices(int devices)
    {
        var divisors = Enumerable.Range(1, Math.Min(Sequences, devices * MostForEachDevice)).Where(m => Sequences % m == 0).ToList();
        // Each is about twice the one before, so that few need measuring.
        var choices = new List<int>();
        foreach (var divisor in Enumerable.Reverse(divisors))
            if (choices.Count == 0 || divisor * 2 <= choices[^1])
                choices.Add(divisor);
        return [.. choices.Where(m => m >= devices || m == choices[0]).Reverse()];
    }

    /// <summary>The number that stands for <c>auto</c> until one is chosen.</summary>
    /// <param name="sequences">Sequences of the global batch.</param>
    internal static int Provisional(int sequences) => Enumerable.Range(1, Math.Min(sequences, MostForEachDevice)).Last(m => sequences % m == 0);
}
