using System.Collections.Immutable;

namespace ActorTrain.Core.Settings;

/// <summary>How tensors travel between nodes (<c>actortrain.job.wire</c>). Edges within a node carry them as they are.</summary>
/// <param name="Codecs">For every edge that has none of its own.</param>
/// <param name="Edges">For single edges, by their number: edge 0 is between stages 0 and 1.</param>
public sealed record WireSettings(WireCodecs Codecs, ImmutableSortedDictionary<int, WireCodecs> Edges)
{
    /// <summary>The same bits on both sides of every edge.</summary>
    public static WireSettings Lossless { get; } = new(WireCodecs.Lossless, ImmutableSortedDictionary<int, WireCodecs>.Empty);

    /// <summary>The codecs of an edge.</summary>
    /// <param name="edge">The edge's number, from 0.</param>
    public WireCodecs Of(int edge) => Edges.GetValueOrDefault(edge, Codecs);
}
