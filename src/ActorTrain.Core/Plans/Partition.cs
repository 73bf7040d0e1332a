using System.Collections.Immutable;
using System.Globalization;

namespace ActorTrain.Core.Plans;

/// <summary>Which layers form which stage: the number of layers of each stage, in pipeline order. Immutable.</summary>
public sealed class Partition : IEquatable<Partition>
{
    private readonly ImmutableArray<LayerRange> _ranges;

    /// <summary>Creates a partition.</summary>
    /// <param name="counts">Layers of each stage.</param>
    /// <exception cref="PlanException">There is no stage, or a stage has no layer.</exception>
    public Partition(params ReadOnlySpan<int> counts)
    {
        if (counts.IsEmpty)
            throw new PlanException("a partition has at least one stage");
        var ranges = ImmutableArray.CreateBuilder<LayerRange>(counts.Length);
        var first = 0;
        for (var stage = 0; stage < counts.Length; stage++)
        {
            if (counts[stage] < 1)
                throw new PlanException($"partition: stage {stage} has {counts[stage]} layers; each stage has at least 1");
            ranges.Add(new LayerRange(first, counts[stage]));
            first = checked(first + counts[stage]);
        }

        _ranges = ranges.MoveToImmutable();
    }

    /// <summary>Layers of each stage.</summary>
    public IEnumerable<int> Counts => _ranges.Select(r => r.Count);

    /// <summary>How many stages there are.</summary>
    public int Stages => _ranges.Length;

    /// <summary>How many layers all stages have.</summary>
    public int Layers => _ranges[^1].End;

    /// <summary>The layers of a stage.</summary>
    /// <param name="stage">The stage's index.</param>
    public LayerRange this[int stage] => _ranges[stage];

    /// <summary>Reads a partition such as <c>3, 3, 4</c>.</summary>
    /// <param name="text">Layers of each stage, with commas between them.</param>
    /// <exception cref="PlanException">The text is not that.</exception>
    public static Partition Parse(string text) => new([.. text.Split(',').Select((part, stage) =>
        int.TryParse(part, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var count)
            ? count
            : throw new PlanException($"partition '{text}': '{part.Trim()}' (stage {stage}) is not a number of layers; such as 3, 3, 4 is right"))]);

    /// <summary>Checks that the partition is one of a model and a pipeline.</summary>
    /// <param name="layers">Layers of the model.</param>
    /// <param name="stages">Stages of the pipeline.</param>
    /// <returns>The partition itself.</returns>
    /// <exception cref="PlanException">It has other numbers of layers or stages.</exception>
    public Partition Require(int layers, int stages)
    {
        if (Stages != stages)
            throw new PlanException($"partition [{this}] has {Stages} stages; the pipeline has {stages}");
        if (Layers != layers)
            throw new PlanException($"partition [{this}] has {Layers} layers in all; the model has {layers}");
        return this;
    }

    /// <summary>The stage of a layer.</summary>
    /// <param name="layer">The layer's index.</param>
    public int StageOf(int layer)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(layer);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(layer, Layers);
        var stage = 0;
        while (_ranges[stage].End <= layer)
            stage++;
        return stage;
    }

    /// <inheritdoc/>
    public bool Equals(Partition? other) => other is not null && _ranges.AsSpan().SequenceEqual(other._ranges.AsSpan());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Partition);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var range in _ranges)
            hash.Add(range.Count);
        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", Counts);
}
