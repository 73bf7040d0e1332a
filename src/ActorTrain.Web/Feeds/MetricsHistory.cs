using System.Collections.Immutable;
using ActorTrain.Web.Api;

namespace ActorTrain.Web.Feeds;

/// <summary>
/// The steps of a job in bounded room: when it is full, neighbours become one point with their means, so that a run of any
/// length is covered evenly. Used by one thread at a time.
/// </summary>
/// <param name="capacity">How many points there may be; even.</param>
internal sealed class MetricsHistory(int capacity)
{
    private readonly List<MetricPoint> _points = [];
    private readonly List<MetricPoint> _pending = [];

    /// <summary>How many steps each point stands for.</summary>
    public int Stride { get; private set; } = 1;

    /// <summary>The points, the steps that are not a whole point yet as the last.</summary>
    public ImmutableArray<MetricPoint> Points => [.. _points, .. _pending.Count == 0 ? [] : new[] { Mean(_pending) }];

    /// <summary>Adds a step.</summary>
    public void Add(MetricPoint step)
    {
        _pending.Add(step);
        if (_pending.Count < Stride)
            return;
        _points.Add(Mean(_pending));
        _pending.Clear();
        if (_points.Count < capacity)
            return;
        var halved = _points.Chunk(2).Select(Mean).ToList();
        _points.Clear();
        _points.AddRange(halved);
        Stride *= 2;
    }

    private static MetricPoint Mean(IReadOnlyList<MetricPoint> steps)
    {
        if (steps is [var only])
            return only;
        var last = steps[^1];
        return last with
        {
            Loss = steps.Average(s => s.Loss),
            GradNorm = steps.Average(s => s.GradNorm),
            LearningRateFactor = steps.Average(s => s.LearningRateFactor),
            TokensPerSecond = steps.Sum(s => s.TokensPerSecond * s.Seconds) / steps.Sum(s => s.Seconds),
            Seconds = steps.Average(s => s.Seconds),
            Skipped = steps.Any(s => s.Skipped),
            Busy = Means(steps, s => s.Busy),
            LayerNorms = Means(steps, s => s.LayerNorms),
            Edges = MeanEdges(steps),
        };
    }

    // A re-plan changes how many devices and edges there are; the mean is then of the steps that have as many as the last.
    private static ImmutableArray<double> Means(IReadOnlyList<MetricPoint> steps, Func<MetricPoint, ImmutableArray<double>> values)
    {
        var alike = steps.Select(values).Where(v => v.Length == values(steps[^1]).Length).ToList();
        return [.. Enumerable.Range(0, alike[0].Length).Select(i => alike.Average(v => v[i]))];
    }

    private static ImmutableArray<EdgeDocument> MeanEdges(IReadOnlyList<MetricPoint> steps) =>
    [
        .. steps[^1].Edges.Select(edge =>
        {
            var same = steps.SelectMany(s => s.Edges).Where(e => e.Edge == edge.Edge).ToList();
            return new EdgeDocument(
                edge.Edge,
                same.Average(e => e.Bytes),
                same.Average(e => e.RawBytes),
                same.Average(e => e.CodingSeconds),
                same.Average(e => e.SendingSeconds),
                same.Average(e => e.WaitingSeconds));
        }),
    ];
}
