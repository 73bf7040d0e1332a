namespace ActorTrain.Build;

/// <summary>What a patch did to the copy.</summary>
public enum PatchOutcome
{
    /// <summary>The library does not ask for the version; the copy equals the original.</summary>
    NotNeeded,

    /// <summary>The library asks for it weakly already; the copy equals the original.</summary>
    AlreadyWeak,

    /// <summary>The need is weak in the copy.</summary>
    Weakened,
}
