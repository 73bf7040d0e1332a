using ActorTrain.Compute.Layers;
using ActorTrain.Core.Data;

namespace ActorTrain.Stages.Transformer.Text;

/// <summary>
/// Where the training windows start. A window is a context and one token more, for the last label; windows are a context
/// apart, so an epoch trains on each token of its windows once. Each epoch shifts them all by an offset of its own, so that
/// boundaries vary, and visits them in an order of its own.
/// </summary>
/// <param name="seed">The job's seed.</param>
/// <param name="tokens">Tokens of the training split; more than <paramref name="context"/>.</param>
/// <param name="context">Tokens of a sequence.</param>
internal sealed class TextWindows(long seed, int tokens, int context)
{
    /// <summary>Windows of an epoch: one less than would fit, where that leaves any, so that every offset is possible.</summary>
    public int Count { get; } = Math.Max(1, (tokens / context) - 1);

    /// <summary>The first token of a sample's window.</summary>
    /// <param name="sample">The sample's number since the start of the run, from 0.</param>
    public int Start(long sample)
    {
        var (epoch, place) = Math.DivRem(sample, Count);
        var key = RandomKey.Mix((ulong)seed, (ulong)epoch);
        var offsets = Math.Min(context, tokens - (Count * context));
        var offset = (int)(RandomKey.Mix(key) % (ulong)offsets);
        return offset + ((int)new KeyedPermutation(Count, key)[place] * context);
    }
}
