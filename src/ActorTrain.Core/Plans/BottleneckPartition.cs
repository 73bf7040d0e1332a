namespace ActorTrain.Core.Plans;

/// <summary>
/// Cuts a model of any size into stages so that the slowest stage or edge is as fast as it can be, within what each stage
/// may hold. Exact but for rounding: bisects the time, and asks for each time by dynamic programming over the layers at
/// which stages can end, O(stages × layers), whether there is such a cut.
/// </summary>
internal sealed class BottleneckPartition
{
    private const int Bisections = 40;

    private readonly int _layers;
    private readonly int _stages;
    private readonly Func<int, int, int, double> _stageSeconds;
    private readonly Func<int, int, double> _edgeSeconds;
    private readonly Func<int, int, int, bool> _fits;
    private readonly bool[][] _reached;

    /// <param name="layers">Layers of the model.</param>
    /// <param name="stages">Stages of the pipeline.</param>
    /// <param name="stageSeconds">Time of a stage with layers from one until before another; no less for more layers.</param>
    /// <param name="edgeSeconds">Time of the edge behind a stage that ends before a layer.</param>
    /// <param name="fits">Whether a stage can hold layers from one until before another; if so, also any part of them.</param>
    public BottleneckPartition(
        int layers, int stages, Func<int, int, int, double> stageSeconds, Func<int, int, double> edgeSeconds, Func<int, int, int, bool> fits)
    {
        (_layers, _stages, _stageSeconds, _edgeSeconds, _fits) = (layers, stages, stageSeconds, edgeSeconds, fits);
        _reached = [.. Enumerable.Range(0, stages + 1).Select(_ => new bool[layers + 1])];
    }

    /// <summary>The best cut, or null when no cut fits.</summary>
    public Partition? Solve()
    {
        if (!Reach(double.PositiveInfinity))
            return null;
        var high = Enumerable.Range(0, _stages).Max(stage => _stageSeconds(stage, 0, _layers));
        for (var stage = 0; stage < _stages - 1; stage++)
            for (var end = 1; end < _layers; end++)
                high = Math.Max(high, _edgeSeconds(stage, end));
        var low = 0.0;
        for (var i = 0; i < Bisections; i++)
        {
            var middle = (low + high) / 2;
            if (Reach(middle))
                high = middle;
            else
                low = middle;
        }

        Reach(high);
        return Walk(high);
    }

    private bool Reach(double limit)
    {
        _reached[0][0] = true;
        for (var stage = 0; stage < _stages; stage++)
        {
            var (from, to) = (_reached[stage], _reached[stage + 1]);
            Array.Clear(to);
            // Later starts reach at least as far, so each end is looked at once.
            int far = stage, done = stage;
            for (var first = stage; first < _layers; first++)
            {
                if (!from[first])
                    continue;
                far = Math.Max(far, first);
                while (far < _layers && Allows(stage, first, far + 1, limit))
                    far++;
                for (done = Math.Max(done, first); done < far;)
                    to[++done] = stage == _stages - 1 || _edgeSeconds(stage, done) <= limit;
            }
        }

        return _reached[_stages][_layers];
    }

    private bool Allows(int stage, int first, int end, double limit) =>
        _stageSeconds(stage, first, end) <= limit && _fits(stage, first, end);

    /// <summary>Goes back through the reached layers, with stages as even as can be.</summary>
    private Partition Walk(double limit)
    {
        var counts = new int[_stages];
        for (int stage = _stages - 1, end = _layers; stage >= 0; end -= counts[stage--])
        {
            var wanted = _stageSeconds(stage, 0, end) / (stage + 1);
            var best = -1;
            for (var first = end - 1; first >= 0 && Allows(stage, first, end, limit); first--)
            {
                if (!_reached[stage][first])
                    continue;
                if (best < 0 || Math.Abs(_stageSeconds(stage, first, end) - wanted) < Math.Abs(_stageSeconds(stage, best, end) - wanted))
                    best = first;
            }

            counts[stage] = end - best;
        }

        return new Partition(counts);
    }
}
