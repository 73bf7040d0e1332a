using ActorTrain.Core.Schedules;

namespace ActorTrain.Core.Simulation;

/// <summary>
/// The bubbles that the schedules' papers give, for equal devices, m micro-batches on p of them, and links, losses and updates that take no time.
/// </summary>
public static class ClosedForm
{
    /// <summary>The bubble of a step, from 0 to 1.</summary>
    /// <param name="schedule">The schedule.</param>
    /// <param name="forward">A device's F of one micro-batch, in any unit.</param>
    /// <param name="backward">Its BW.</param>
    /// <param name="weight">The part of BW that is W.</param>
    /// <returns>Null where no formula holds for the schedule, shape or times.</returns>
    public static double? Bubble(Schedule schedule, double forward, double backward, double weight)
    {
        var (p, m, v) = (schedule.Shape.Devices, schedule.Shape.MicroBatches, schedule.Shape.ChunksPerDevice);
        var all = forward + backward;
        // Zero Bubble's formulas (arXiv 2401.10241, table 1 and section 6) are for F = B = W.
        var equal = forward == weight && backward == 2 * weight;
        double? idle = schedule.Name switch
        {
            "gpipe" or "1f1b" when v == 1 => (p - 1) * all,
            "interleaved-1f1b" when m >= p && m % p == 0 => (p - 1) * all / v,
            "zb-h1" or "zb-h2" when m >= 2 * p && equal => (p - 1) * forward,
            "zb-v" or "dualpipe-v" when m >= 2 * p && equal => (p - 1) * forward / 2,
            _ => null,
        };
        return idle is { } time && all > 0 ? time / (m * all + time) : null;
    }
}
