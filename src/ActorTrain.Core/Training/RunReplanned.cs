using System.Globalization;

namespace ActorTrain.Core.Training;

/// <summary>A run went on under a new plan. Times are in milliseconds, and follow each other.</summary>
/// <param name="Step">The first new step.</param>
/// <param name="AfterFailure">Whether something failed; otherwise the run moved to other devices at the end of a step.</param>
/// <param name="Detection">From the last step that was judged until the failure was known, or all stages had ended the step.</param>
/// <param name="Fence">Until all nodes had promised to let nothing of the old plan in, and devices were leased.</param>
/// <param name="Plan">Until the plan was made.</param>
/// <param name="Restore">Until all stages were built and had their layers.</param>
/// <param name="Replay">Until the first new step was judged; steps that are computed again are before it.</param>
/// <param name="Bytes">What stages fetched of their layers' state from other nodes.</param>
public sealed record RunReplanned(
    long Step, bool AfterFailure, double Detection, double Fence, double Plan, double Restore, double Replay, long Bytes) : TrainingEvent
{
    /// <summary>How long no new step came.</summary>
    public double Total => Detection + Fence + Plan + Restore + Replay;

    /// <summary>For people, such as <c>recovered in 0.91 s (detection 90 ms, fence 12 ms, …); 1024 bytes fetched</c>.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{(AfterFailure ? "recovered" : "moved")} in {Total / 1e3:F2} s (detection {Detection:F0} ms, fence {Fence:F0} ms, plan {Plan:F0} ms, restore {Restore:F0} ms, replay {Replay:F0} ms); {Bytes} bytes fetched");
}
