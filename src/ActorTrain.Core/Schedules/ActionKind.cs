namespace ActorTrain.Core.Schedules;

/// <summary>What a device does for one micro-batch in one chunk.</summary>
public enum ActionKind
{
    /// <summary>F: the chunk's forward pass.</summary>
    Forward,

    /// <summary>L: the loss and the gradient of the last chunk's output; runs right after that chunk's F.</summary>
    Loss,

    /// <summary>BW: gradients of the chunk's input and of its weights, together.</summary>
    Backward,

    /// <summary>B: the gradient of the chunk's input alone (Zero Bubble, arXiv 2401.10241).</summary>
    InputGradient,

    /// <summary>W: the weight gradients that a B of the same micro-batch kept back.</summary>
    WeightGradient,
}
