using TorchSharp;

namespace ActorTrain.Compute.Models;

/// <summary>The cross entropy between logits and class labels, summed over all labels.</summary>
/// <param name="countCorrect">Whether <see cref="Correct"/> counts how often the greatest logit is the label's.</param>
public sealed class CrossEntropyLoss(bool countCorrect) : ILoss
{
    /// <inheritdoc/>
    /// <param name="outputs">Logits <c>[…, classes]</c>.</param>
    /// <param name="labels">Classes <c>[…]</c>, int64.</param>
    public torch.Tensor Sum(torch.Tensor outputs, torch.Tensor labels)
    {
        using var logits_NC = outputs.reshape(-1, outputs.shape[^1]);
        using var labels_N = labels.reshape(-1);
        return torch.nn.functional.cross_entropy(logits_NC, labels_N, reduction: torch.nn.Reduction.Sum);
    }

    /// <inheritdoc/>
    public long? Correct(torch.Tensor outputs, torch.Tensor labels)
    {
        if (!countCorrect)
            return null;
        using var hits = outputs.argmax(-1).eq(labels).sum();
        return hits.item<long>();
    }
}
