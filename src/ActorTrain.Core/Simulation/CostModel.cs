using System.Collections.Immutable;

namespace ActorTrain.Core.Simulation;

/// <summary>What a pipeline's actions and messages take. Immutable, and valid once it exists.</summary>
public sealed class CostModel
{
    /// <summary>Creates a cost model.</summary>
    /// <param name="chunks">For each chunk its times.</param>
    /// <param name="edges">For each chunk but the last the edge to the next.</param>
    /// <exception cref="ArgumentException">The numbers of chunks and edges do not fit, or a time is negative or not finite.</exception>
    public CostModel(ImmutableArray<ChunkCost> chunks, ImmutableArray<EdgeCost> edges)
    {
        if (chunks.IsDefaultOrEmpty)
            throw new ArgumentException("a cost model has at least one chunk", nameof(chunks));
        if (edges.Length != chunks.Length - 1)
            throw new ArgumentException($"{chunks.Length} chunks have {chunks.Length - 1} edges, not {edges.Length}", nameof(edges));
        for (var chunk = 0; chunk < chunks.Length; chunk++)
            CheckChunk(chunk, chunks[chunk]);
        for (var edge = 0; edge < edges.Length; edge++)
        {
            CheckLink($"edge {edge}, forward", edges[edge].Forward);
            CheckLink($"edge {edge}, backward", edges[edge].Backward);
        }

        Chunks = chunks;
        Edges = edges;
    }

    /// <summary>A cost model whose edges take no time.</summary>
    /// <param name="chunks">For each chunk its times.</param>
    /// <exception cref="ArgumentException">There is no chunk, or a time is negative or not finite.</exception>
    public CostModel(ImmutableArray<ChunkCost> chunks)
        : this(chunks, [.. Enumerable.Repeat(EdgeCost.None, Math.Max(0, chunks.Length - 1))])
    {
    }

    /// <summary>For each chunk its times.</summary>
    public ImmutableArray<ChunkCost> Chunks { get; }

    /// <summary>For each chunk but the last the edge to the next.</summary>
    public ImmutableArray<EdgeCost> Edges { get; }

    /// <summary>The same times for every chunk, and edges that take no time.</summary>
    /// <param name="chunks">How many chunks there are.</param>
    /// <param name="cost">Each chunk's times.</param>
    public static CostModel Uniform(int chunks, ChunkCost cost) => Uniform(chunks, cost, EdgeCost.None);

    /// <summary>The same times for every chunk and for every edge.</summary>
    /// <param name="chunks">How many chunks there are.</param>
    /// <param name="cost">Each chunk's times.</param>
    /// <param name="edge">Each edge's times.</param>
    public static CostModel Uniform(int chunks, ChunkCost cost, EdgeCost edge) =>
        new([.. Enumerable.Repeat(cost, chunks)], [.. Enumerable.Repeat(edge, Math.Max(0, chunks - 1))]);

    private static void CheckChunk(int chunk, ChunkCost cost)
    {
        ReadOnlySpan<double> times =
            [cost.Forward, cost.Loss, cost.Backward, cost.InputGradient, cost.WeightGradient, cost.Update];
        foreach (var seconds in times)
            if (!double.IsFinite(seconds) || seconds < 0)
                throw new ArgumentException($"chunk {chunk}: {cost} has a time that is negative or not finite");
    }

    private static void CheckLink(string where, LinkCost link)
    {
        if (!double.IsFinite(link.LatencySeconds) || link.LatencySeconds < 0)
            throw new ArgumentException($"{where}: a latency of {link.LatencySeconds} s is negative or not finite");
        if (!double.IsFinite(link.Bytes) || link.Bytes < 0)
            throw new ArgumentException($"{where}: {link.Bytes} bytes are negative or not finite");
        if (!(link.BytesPerSecond > 0))
            throw new ArgumentException($"{where}: a bandwidth of {link.BytesPerSecond} bytes/s is not positive");
    }
}
