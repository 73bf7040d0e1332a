namespace ActorTrain.Chaos;

/// <summary>What was done to a node.</summary>
internal enum NodeState
{
    /// <summary>Nothing: it works.</summary>
    Well,

    /// <summary>It is stopped by a signal.</summary>
    Hung,

    /// <summary>Its link is cut.</summary>
    Cut,

    /// <summary>It runs again or has its link back, and is about to find that the others gave it up.</summary>
    Returning,

    /// <summary>It was killed or told to leave.</summary>
    Gone,
}
