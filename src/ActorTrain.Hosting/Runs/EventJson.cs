using System.Text.Json;
using ActorTrain.Core.Training;

namespace ActorTrain.Hosting.Runs;

/// <summary>Events as JSON lines, for standard output and for <c>metrics.jsonl</c>.</summary>
internal static class EventJson
{
    /// <summary>The line of an event; null for events that have files of their own.</summary>
    public static string? Of(TrainingEvent happened) => happened switch
    {
        StepCompleted step => JsonSerializer.Serialize(new
        {
            @event = "step",
            step = step.Step,
            loss = Finite(step.Loss),
            grad_norm = Finite(step.GradientNorm),
            learning_rate_factor = step.LearningRateFactor,
            skipped = step.Skipped,
            tokens_per_second = step.Labels / step.Seconds,
            seconds = step.Seconds,
        }),
        WireMeasured wire => JsonSerializer.Serialize(new
        {
            @event = "wire",
            step = wire.Step,
            edges = wire.Edges.Select(e => new
            {
                edge = e.Edge,
                bytes = e.Bytes,
                raw_bytes = e.RawBytes,
                coding_seconds = e.CodingSeconds,
                sending_seconds = e.SendingSeconds,
                waiting_seconds = e.WaitingSeconds,
            }),
        }),
        RunReplanned plan => JsonSerializer.Serialize(new
        {
            @event = plan.AfterFailure ? "recovery" : "move",
            step = plan.Step,
            total_ms = plan.Total,
            detection_ms = plan.Detection,
            fence_ms = plan.Fence,
            plan_ms = plan.Plan,
            restore_ms = plan.Restore,
            replay_ms = plan.Replay,
            fetched_bytes = plan.Bytes,
        }),
        CheckpointWritten checkpoint => JsonSerializer.Serialize(new { @event = "checkpoint", step = checkpoint.Step, path = checkpoint.Path }),
        CheckpointMissed missed => JsonSerializer.Serialize(new { @event = "checkpoint_missed", step = missed.Step, reason = missed.Reason }),
        _ => null,
    };

    /// <summary>JSON has no NaN or infinity; null stands for them.</summary>
    public static double? Finite(double? value) => value is { } v && double.IsFinite(v) ? v : null;
}
