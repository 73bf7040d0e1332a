using System.Collections.Immutable;
using ActorTrain.Core.Schedules;

namespace ActorTrain.Compute.Devices;

/// <summary>
/// No fixed order: the device runs whatever is ready, backward before forward before weight gradient, and starts no
/// forward pass in a chunk whose credits are used up.
/// </summary>
/// <param name="credits">For each chunk of the pipeline how many micro-batches it may hold.</param>
public sealed class ReactiveOrder(ImmutableArray<int> credits) : IActionOrder
{
    private readonly int[] _inFlight = new int[credits.Length];

    /// <inheritdoc/>
    public bool TryNext(IReadOnlyCollection<PipelineAction> ready, out PipelineAction next)
    {
        next = default;
        var found = false;
        foreach (var action in ready)
        {
            if (action.Kind == ActionKind.Forward && _inFlight[action.Chunk] >= credits[action.Chunk])
                continue;
            if (!found || Precedes(action, next))
                next = action;
            found = true;
        }

        return found;
    }

    /// <inheritdoc/>
    public void Completed(PipelineAction action)
    {
        if (action.Kind == ActionKind.Forward)
            _inFlight[action.Chunk]++;
        else if (action.Kind is ActionKind.Backward or ActionKind.WeightGradient)
            _inFlight[action.Chunk]--;
    }

    // Gradients are added in micro-batch order in every schedule, so that all give the same bits.
    private static bool Precedes(PipelineAction a, PipelineAction b) =>
        (Rank(a.Kind), a.MicroBatch, -a.Chunk).CompareTo((Rank(b.Kind), b.MicroBatch, -b.Chunk)) < 0;

    private static int Rank(ActionKind kind) => kind switch
    {
        ActionKind.Loss or ActionKind.Backward or ActionKind.InputGradient => 0,
        ActionKind.Forward => 1,
        _ => 2,
    };
}
