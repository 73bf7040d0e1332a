using System.Diagnostics;
using ActorTrain.Core.Training;

namespace ActorTrain.Runtime.Cluster.Jobs;

/// <summary>
/// Times the parts of a recovery or move, from the last step under the old plan to the first that is new. What has to be
/// done again on the way adds to its part.
/// </summary>
/// <param name="since">When the last step was judged, as a time stamp of <see cref="Stopwatch"/>.</param>
/// <param name="afterFailure">Whether something failed.</param>
internal sealed class RecoveryClock(long since, bool afterFailure)
{
    private readonly Dictionary<RecoveryPart, double> _parts = [];
    private long _last = since;

    /// <summary>Whether something failed; a move during which something does becomes a recovery.</summary>
    public bool AfterFailure { get; set; } = afterFailure;

    /// <summary>A part is over.</summary>
    public void Mark(RecoveryPart part)
    {
        var now = Stopwatch.GetTimestamp();
        _parts[part] = _parts.GetValueOrDefault(part) + Stopwatch.GetElapsedTime(_last, now).TotalMilliseconds;
        _last = now;
    }

    /// <summary>What is to be told.</summary>
    /// <param name="step">The first new step.</param>
    /// <param name="bytes">What was fetched.</param>
    public RunReplanned ToEvent(long step, long bytes) => new(
        step, AfterFailure, Of(RecoveryPart.Detection), Of(RecoveryPart.Fence), Of(RecoveryPart.Plan), Of(RecoveryPart.Restore), Of(RecoveryPart.Replay), bytes);

    private double Of(RecoveryPart part) => _parts.GetValueOrDefault(part);
}
