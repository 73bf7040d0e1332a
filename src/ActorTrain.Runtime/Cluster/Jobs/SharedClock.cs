using ActorTrain.Core.Schedules;
using ActorTrain.Runtime.Cluster.Protocol;

namespace ActorTrain.Runtime.Cluster.Jobs;

/// <summary>
/// Puts what devices did on one clock. Hosts' clocks differ by milliseconds, which is more than an action may take; but no
/// forward pass begins before the one that it depends on has ended, nor a backward pass, and that bounds the difference
/// between two devices from both sides.
/// </summary>
internal static class SharedClock
{
    /// <summary>Shifts each device by the least that makes causes come before their effects, and the first span to 0.</summary>
    /// <param name="devices">What each device did, by its own clock.</param>
    public static IReadOnlyList<IReadOnlyList<TracedSpan>> Align(IReadOnlyList<IReadOnlyList<TracedSpan>> devices)
    {
        var shifts = new long[devices.Count];
        for (var device = 1; device < devices.Count; device++)
            shifts[device] = shifts[device - 1] + Shift(Shifted(devices[device - 1], shifts[device - 1]), Shifted(devices[device], shifts[device - 1]));
        var aligned = devices.Select((spans, device) => Shifted(spans, shifts[device])).ToList();
        var first = aligned.SelectMany(spans => spans).Select(span => span.Start).DefaultIfEmpty().Min();
        return [.. aligned.Select(spans => Shifted(spans, -first))];
    }

    // The shift of the second device that is nearest to none within what causes and effects of both allow.
    private static long Shift(IReadOnlyList<TracedSpan> one, IReadOnlyList<TracedSpan> other)
    {
        var least = Bounds(one, other).Select(bound => (long?)bound).DefaultIfEmpty().Max();
        var most = Bounds(other, one).Select(bound => (long?)-bound).DefaultIfEmpty().Min();
        if (least > most)
            return (least.Value + most.Value) / 2;
        return Math.Clamp(0, least ?? long.MinValue, most ?? long.MaxValue);
    }

    // For each effect on the second device how much later it would have to be.
    private static IEnumerable<long> Bounds(IReadOnlyList<TracedSpan> causes, IReadOnlyList<TracedSpan> effects)
    {
        var ends = causes.Where(IsPass).ToLookup(span => (IsForward(span), span.Chunk, span.MicroBatch), span => span.End);
        return
            from effect in effects
            where IsPass(effect)
            from end in ends[(IsForward(effect), IsForward(effect) ? effect.Chunk - 1 : effect.Chunk + 1, effect.MicroBatch)]
            select end - effect.Start;
    }

    private static bool IsPass(TracedSpan span) => (ActionKind)span.Kind is ActionKind.Forward or ActionKind.Backward or ActionKind.InputGradient;

    private static bool IsForward(TracedSpan span) => (ActionKind)span.Kind is ActionKind.Forward;

    private static List<TracedSpan> Shifted(IReadOnlyList<TracedSpan> spans, long by) =>
        [.. spans.Select(span => span with { Start = span.Start + by, End = span.End + by })];
}
