using System.Collections.Immutable;

namespace ActorTrain.Core.Training;

/// <summary>Something that happened in a run, for people, programs and metrics.</summary>
public abstract record TrainingEvent;

/// <summary>A step ended.</summary>
/// <param name="Step">The step, from 1.</param>
/// <param name="Loss">The mean loss of the step's labels.</param>
/// <param name="GradientNorm">The global norm of the gradients before clipping.</param>
/// <param name="LearningRateFactor">What the optimizer's learning rate was multiplied with.</param>
/// <param name="Skipped">Whether the weights stayed as they were because the gradients were not finite.</param>
/// <param name="Labels">Labels (tokens, images) that the step trained on.</param>
/// <param name="Seconds">Wall-clock time since the end of the step before.</param>
public sealed record StepCompleted(
    long Step,
    double Loss,
    double GradientNorm,
    double LearningRateFactor,
    bool Skipped,
    long Labels,
    double Seconds) : TrainingEvent
{
    /// <summary>The norm of each layer's gradients before clipping; empty where nobody told.</summary>
    public ImmutableArray<double> LayerNorms { get; init; } = [];
}

/// <summary>A checkpoint is on disk.</summary>
/// <param name="Step">The step after which it was taken.</param>
/// <param name="Path">Its directory.</param>
public sealed record CheckpointWritten(long Step, string Path) : TrainingEvent;

/// <summary>A checkpoint could not be written; the run goes on, and the checkpoint before is the newest still.</summary>
/// <param name="Step">The step after which it was taken.</param>
/// <param name="Reason">Why.</param>
public sealed record CheckpointMissed(long Step, string Reason) : TrainingEvent;

/// <summary>A layer's parameters after a step, for finding the first difference between two runs.</summary>
/// <param name="Step">The step.</param>
/// <param name="Layer">The layer's place in the model.</param>
/// <param name="Name">The layer's name.</param>
/// <param name="Sha256">The SHA-256 of the layer's parameters as little-endian float32, in hexadecimal.</param>
public sealed record LayerHashed(long Step, int Layer, string Name, string Sha256) : TrainingEvent;

/// <summary>What crossed the edges between nodes in a step.</summary>
/// <param name="Step">The step.</param>
/// <param name="Edges">Each edge between two nodes.</param>
public sealed record WireMeasured(long Step, ImmutableArray<EdgeUse> Edges) : TrainingEvent;

/// <summary>The run waits, as it was asked to.</summary>
/// <param name="Step">The step after which it waits.</param>
public sealed record RunPaused(long Step) : TrainingEvent;

/// <summary>The run goes on after a pause.</summary>
/// <param name="Step">The last step done.</param>
public sealed record RunResumed(long Step) : TrainingEvent;
