namespace ActorTrain.Compute.Training;

/// <summary>How a model does on data that it was not trained on.</summary>
/// <param name="Loss">The mean loss of all labels.</param>
/// <param name="Accuracy">The share of labels predicted right, where the loss counts that; otherwise null.</param>
/// <param name="Labels">Labels evaluated.</param>
public sealed record Evaluation(double Loss, double? Accuracy, long Labels);
