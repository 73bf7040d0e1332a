using ActorTrain.Core.Training;

namespace ActorTrain.Runtime.Streams;

/// <summary>What the step driver tells.</summary>
internal abstract record DriverMessage;

/// <summary>A step that has been judged.</summary>
/// <param name="Judgement">The verdict and the gradient norm.</param>
/// <param name="Loss">The step's mean loss.</param>
internal sealed record StepOutcome(StepJudgement Judgement, double Loss) : DriverMessage;

/// <summary>The next step waits until the run is released.</summary>
/// <param name="Step">The last step done.</param>
internal sealed record DriverPaused(long Step) : DriverMessage;

/// <summary>The next step begins after a pause.</summary>
/// <param name="Step">The last step done.</param>
internal sealed record DriverResumed(long Step) : DriverMessage;
