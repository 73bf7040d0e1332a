using ActorTrain.Core.Schedules;
using ActorTrain.Runtime.Cluster.Protocol;

namespace ActorTrain.Runtime.Cluster.Jobs;

/// <summary>
/// Asks the stages of a generation every few seconds what they do in a step to come, and puts the answers together. Costs
/// nothing in between, and nothing at all when nobody follows the job.
/// </summary>
/// <param name="schedule">The generation's schedule.</param>
/// <param name="clock">Says when it is time.</param>
internal sealed class StepTracing(Schedule schedule, TimeProvider clock)
{
    // Fast steps overtake the question; those that take longer than this need no head start.
    private static readonly TimeSpan HeadStart = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private readonly Dictionary<int, StepTraced> _answers = [];
    private DateTimeOffset _due = clock.GetUtcNow();
    private long _step;

    /// <summary>The step to ask for, when it is time to.</summary>
    /// <param name="done">The last step that is complete.</param>
    /// <param name="seconds">How long it took.</param>
    public long? Next(long done, double seconds)
    {
        var now = clock.GetUtcNow();
        if (now < _due)
            return null;
        _due = now + Pause;
        _answers.Clear();
        return _step = done + 2 + (long)Math.Min(HeadStart.TotalSeconds / Math.Max(seconds, 1e-6), 1e3);
    }

    /// <summary>Takes an answer.</summary>
    /// <returns>What all devices did, once all stages have answered.</returns>
    public JobTraced? Add(StepTraced traced)
    {
        if (traced.Step != _step)
            return null;
        _answers[traced.Stage] = traced;
        if (_answers.Count < schedule.Placement.Length)
            return null;
        var devices = new List<TracedSpan>[schedule.Shape.Devices];
        for (var device = 0; device < devices.Length; device++)
            devices[device] = [.. schedule.ChunksOf(device).SelectMany(chunk => _answers[chunk].Spans).OrderBy(span => span.Start)];
        return new JobTraced(_step, SharedClock.Align(devices));
    }
}
