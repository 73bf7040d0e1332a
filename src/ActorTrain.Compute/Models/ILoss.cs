using TorchSharp;

namespace ActorTrain.Compute.Models;

/// <summary>Compares the last layer's output with the labels.</summary>
public interface ILoss
{
    /// <summary>The sum (not the mean) of the losses of all labels.</summary>
    /// <param name="outputs">The last layer's output, such as logits <c>[sequences, context, vocabulary]</c>.</param>
    /// <param name="labels">The labels, as the data source gives them.</param>
    /// <returns>A scalar.</returns>
    torch.Tensor Sum(torch.Tensor outputs, torch.Tensor labels);

    /// <summary>How many labels the outputs predict right, for models where that means something; otherwise null.</summary>
    /// <param name="outputs">The last layer's output.</param>
    /// <param name="labels">The labels.</param>
    long? Correct(torch.Tensor outputs, torch.Tensor labels);
}
