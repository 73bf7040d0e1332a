namespace ActorTrain.Core.Settings;

/// <summary>What a layer keeps from its forward pass for its backward pass.</summary>
public enum RecomputePolicy
{
    /// <summary>Everything that the backward pass needs.</summary>
    None,

    /// <summary>Only the layer's input; the backward pass runs the forward pass again (Chen et al., arXiv 1604.06174).</summary>
    Full,
}
