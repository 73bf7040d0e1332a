using System.Collections.Immutable;

namespace ActorTrain.Core.Schedules;

/// <summary>
/// For each device the order of its actions in one step. Data, made by a pure function of the shape (an
/// <see cref="IScheduleFactory"/>), checked by the validator and drawn before it is run.
/// </summary>
public sealed class Schedule
{
    private readonly Lazy<ILookup<int, int>> _chunksOf;
    private readonly Lazy<ImmutableArray<DevicePeaks>> _peaks;

    /// <summary>Creates a schedule; the validator checks that it makes sense.</summary>
    /// <param name="name">The short name that HOCON uses, such as <c>1f1b</c>.</param>
    /// <param name="shape">Devices, chunks and micro-batches.</param>
    /// <param name="placement">For each chunk the device that holds it.</param>
    /// <param name="credits">For each chunk how many micro-batches it may hold between their F and their W.</param>
    /// <param name="actions">For each device its actions in order; null for a schedule without a fixed order.</param>
    /// <param name="splitsBackward">For a schedule without lists: whether devices run B and W apart, and not BW.</param>
    public Schedule(
        string name,
        ScheduleShape shape,
        ImmutableArray<int> placement,
        ImmutableArray<int> credits,
        ImmutableArray<ImmutableArray<PipelineAction>>? actions,
        bool splitsBackward = false)
    {
        Name = name;
        Shape = shape;
        Placement = placement;
        Credits = credits;
        Actions = actions;
        SplitsBackward = splitsBackward;
        _chunksOf = new(() => Enumerable.Range(0, placement.Length).ToLookup(chunk => placement[chunk]));
        _peaks = new(() => [.. Enumerable.Range(0, shape.Devices).Select(device => DevicePeaks.Of(this, device))]);
    }

    /// <summary>The short name that HOCON uses.</summary>
    public string Name { get; }

    /// <summary>Devices, chunks and micro-batches.</summary>
    public ScheduleShape Shape { get; }

    /// <summary>For each chunk the device that holds it.</summary>
    public ImmutableArray<int> Placement { get; }

    /// <summary>
    /// For each chunk the greatest number of micro-batches that it may hold at a time, from the start of F to the end
    /// of the action that frees its activations (BW, or W). This is the schedule's memory limit.
    /// </summary>
    public ImmutableArray<int> Credits { get; }

    /// <summary>For each device its actions in order, or null where the device runs whatever is ready.</summary>
    public ImmutableArray<ImmutableArray<PipelineAction>>? Actions { get; }

    /// <summary>Whether devices decide at run time instead of following a list.</summary>
    public bool IsReactive => Actions is null;

    /// <summary>Whether devices that decide at run time run B and W apart; lists tell by themselves.</summary>
    public bool SplitsBackward { get; }

    /// <summary>
    /// The micro-batches whose backward pass a chunk runs as B and W. Its other ones have BW.
    /// </summary>
    /// <param name="chunk">The chunk's place in the pipeline.</param>
    public ImmutableHashSet<int> SplitMicroBatches(int chunk) => Actions is not { } lists
        ? SplitsBackward ? [.. Enumerable.Range(0, Shape.MicroBatches)] : []
        : [.. lists[Placement[chunk]].Where(a => a.Kind == ActionKind.InputGradient && a.Chunk == chunk).Select(a => a.MicroBatch)];

    /// <summary>For each device how many micro-batches it holds when it holds most. Only a valid schedule has it.</summary>
    public ImmutableArray<DevicePeaks> Peaks => _peaks.Value;

    /// <summary>The chunks of a device, in pipeline order.</summary>
    /// <param name="device">The device's index.</param>
    public IEnumerable<int> ChunksOf(int device) => _chunksOf.Value[device];
}
