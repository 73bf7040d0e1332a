namespace ActorTrain.Hosting;

/// <summary>How a run ended.</summary>
public sealed record TrainingResult
{
    /// <summary>Steps done in all.</summary>
    public required long Steps { get; init; }

    /// <summary>Whether it was asked to stop before its last step.</summary>
    public required bool Interrupted { get; init; }

    /// <summary>The loss of the last step.</summary>
    public required double Loss { get; init; }

    /// <summary>The mean loss on the validation split; null without one, or when interrupted.</summary>
    public required double? ValidationLoss { get; init; }

    /// <summary>The share of validation labels predicted right, where that is counted.</summary>
    public required double? ValidationAccuracy { get; init; }

    /// <summary>The SHA-256 of all weights.</summary>
    public required string WeightsSha256 { get; init; }

    /// <summary>The share of the devices' time that they were idle; null for runs of one step.</summary>
    public required double? Bubble { get; init; }

    /// <summary>The bubble that the schedule has at best with the measured times of its actions.</summary>
    public required double? BubbleBound { get; init; }

    /// <summary>The most memory that the process ever had resident, in bytes; null for runs on several nodes.</summary>
    public required long? PeakMemoryBytes { get; init; }

    /// <summary>Where the run's files are.</summary>
    public required string RunDirectory { get; init; }

    /// <summary>A text that the model wrote; null for models that write none.</summary>
    public required string? Sample { get; init; }
}
