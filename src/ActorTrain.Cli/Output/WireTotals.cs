using System.Globalization;
using ActorTrain.Core.Training;

namespace ActorTrain.Cli.Output;

/// <summary>What has crossed the edges of a run in all.</summary>
internal sealed class WireTotals
{
    private readonly SortedDictionary<int, EdgeUse> _edges = [];

    /// <summary>One line for each edge between nodes.</summary>
    public IEnumerable<string> Lines =>
        _edges.Values.Select(edge => string.Create(CultureInfo.InvariantCulture, $"edge {edge.Edge}: {Output.Lines.Of(edge).TrimStart()}"));

    /// <summary>Adds a step.</summary>
    public void Add(WireMeasured step)
    {
        foreach (var edge in step.Edges)
            _edges[edge.Edge] = _edges.TryGetValue(edge.Edge, out var sum) ? Sum(sum, edge) : edge;
    }

    private static EdgeUse Sum(EdgeUse a, EdgeUse b) => new(
        a.Edge,
        a.Bytes + b.Bytes,
        a.RawBytes + b.RawBytes,
        a.CodingSeconds + b.CodingSeconds,
        a.SendingSeconds + b.SendingSeconds,
        a.WaitingSeconds + b.WaitingSeconds);
}
