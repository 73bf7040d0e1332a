namespace ActorTrain.Core.Training;

/// <summary>Too many steps in a row had a loss or gradients that are not finite.</summary>
/// <param name="step">The last of them.</param>
/// <param name="skipped">How many there were in a row.</param>
public sealed class TrainingDivergedException(long step, int skipped) : Exception(
    $"step {step} was skipped, which makes {skipped} steps in a row whose loss or gradients are not finite; " +
    "lower optimizer.learning-rate, set optimizer.clip-norm, or allow more with optimizer.max-skipped-steps");
