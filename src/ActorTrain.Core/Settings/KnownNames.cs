namespace ActorTrain.Core.Settings;

/// <summary>The short names that a job may choose from, by extension point; they come from the plug-in registry.</summary>
public sealed record KnownNames
{
    /// <summary>For <c>model.type</c>.</summary>
    public required IReadOnlyCollection<string> Models { get; init; }

    /// <summary>For <c>data.type</c>.</summary>
    public required IReadOnlyCollection<string> Data { get; init; }

    /// <summary>For <c>optimizer.type</c>.</summary>
    public required IReadOnlyCollection<string> Optimizers { get; init; }

    /// <summary>For <c>learning-rate-schedule.type</c>.</summary>
    public required IReadOnlyCollection<string> LearningRateSchedules { get; init; }

    /// <summary>For <c>pipeline.schedule</c>.</summary>
    public required IReadOnlyCollection<string> Schedules { get; init; }

    /// <summary>For <c>wire.activations</c> and <c>wire.gradients</c>.</summary>
    public required IReadOnlyCollection<string> Codecs { get; init; }
}
