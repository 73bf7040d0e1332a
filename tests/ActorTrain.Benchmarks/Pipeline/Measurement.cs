using ActorTrain.Core.Simulation;

namespace ActorTrain.Benchmarks.Pipeline;

/// <summary>What the rounds of a variant gave together.</summary>
internal sealed class Measurement
{
    private readonly List<double> _steps = [];
    private readonly List<double> _bubbles = [];
    private readonly List<BubbleBound> _bounds = [];
    private readonly List<double> _handOffs = [];
    private readonly List<double> _allocated = [];

    /// <summary>The median time of a step, in seconds.</summary>
    public double StepSeconds => Median(_steps);

    /// <summary>The median bubble of a run.</summary>
    public double Bubble => Median(_bubbles);

    /// <summary>The median bound on the bubble, from the measured times of actions.</summary>
    public double BubbleBound => Median([.. _bounds.Select(b => b.BubbleFraction)]);

    /// <summary>The median bound on the time of a step, from the measured times of actions.</summary>
    public double BoundSeconds => Median([.. _bounds.Select(b => b.StepSeconds)]);

    /// <summary>The median wait of an action, in microseconds.</summary>
    public double HandOff => Median(_handOffs);

    /// <summary>The wait that nine of ten actions stay under, in microseconds.</summary>
    public double HandOff90 => _handOffs.Order().ElementAt(_handOffs.Count * 9 / 10);

    /// <summary>The median of the managed memory allocated for a micro-batch, in KiB.</summary>
    public double AllocatedKiB => Median(_allocated);

    /// <summary>Whether there are pipeline figures.</summary>
    public bool HasBound => _bounds.Count > 0;

    /// <summary>Adds a run.</summary>
    public void Add(IEnumerable<double> steps, double allocatedBytes)
    {
        _steps.AddRange(steps);
        _allocated.Add(allocatedBytes / 1024);
    }

    /// <summary>Adds the pipeline figures of a run.</summary>
    public void Add(double bubble, BubbleBound bound, IReadOnlyList<double> handOffs)
    {
        _bubbles.Add(bubble);
        _bounds.Add(bound);
        _handOffs.AddRange(handOffs);
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
