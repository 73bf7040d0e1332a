namespace ActorTrain.Core.Tests.Recovery;

/// <summary>What is done to a modelled run.</summary>
internal enum DisturbanceKind
{
    /// <summary>A node dies.</summary>
    Crash,

    /// <summary>A node and what it carries neither hear nor are heard; what is under way arrives after the link is back.</summary>
    Cut,

    /// <summary>The link is back.</summary>
    Heal,

    /// <summary>A second supervisor takes the job over, though the first may still be there.</summary>
    TakeOver,

    /// <summary>Other devices are better.</summary>
    Move,

    /// <summary>Somebody stops the job.</summary>
    Stop,
}

/// <summary>Something that happens to a modelled run.</summary>
/// <param name="At">After so many deliveries.</param>
/// <param name="Kind">What.</param>
/// <param name="Node">To which node, where that matters.</param>
internal sealed record Disturbance(int At, DisturbanceKind Kind, int Node = 0);
