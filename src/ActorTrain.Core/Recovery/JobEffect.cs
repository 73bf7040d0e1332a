using System.Collections.Immutable;
using ActorTrain.Core.Training;

namespace ActorTrain.Core.Recovery;

/// <summary>What a job's supervisor has to do.</summary>
internal abstract record JobEffect
{
    /// <summary>Give the devices back and ask for others, not for those of nodes that do not answer. Then begin.</summary>
    public sealed record Lease(ImmutableSortedSet<string> Lost) : JobEffect;

    /// <summary>Ask nodes for their promise.</summary>
    public sealed record AskForPromise(ImmutableArray<string> Nodes) : JobEffect;

    /// <summary>Choose the step to go back to. Once for each generation at most.</summary>
    public sealed record Choose : JobEffect;

    /// <summary>Ask anew in a while, for most nodes are silent and may go on without this side.</summary>
    public sealed record Wait : JobEffect;

    /// <summary>Build the plan's stages.</summary>
    public sealed record Build : JobEffect;

    /// <summary>Start the stages.</summary>
    public sealed record Start : JobEffect;

    /// <summary>Let the first stage end this generation after the step that it is in; with a checkpoint if the job ends there.</summary>
    public sealed record EndAfterStep(bool Checkpoint) : JobEffect;

    /// <summary>Tell the first stage that a step is safe, and the nodes too unless they have to keep older ones still.</summary>
    public sealed record Commit(long Step, bool FreesOlder) : JobEffect;

    /// <summary>Get the layers of a step together for its checkpoint.</summary>
    public sealed record Gather(TrainingProgress Progress) : JobEffect;

    /// <summary>Write the checkpoint that has come together.</summary>
    public sealed record Write(long Step) : JobEffect;

    /// <summary>Begin a new generation, for something failed.</summary>
    public sealed record GoBack(string Reason) : JobEffect;

    /// <summary>End the job: it was set back too often.</summary>
    public sealed record GiveUp(string Reason) : JobEffect;

    /// <summary>End the job, which was stopped before it began to compute.</summary>
    public sealed record Abandon(string When) : JobEffect;

    /// <summary>Let the first stage wait after the step that it is in, with a checkpoint.</summary>
    public sealed record Pause : JobEffect;

    /// <summary>Let the first stage go on.</summary>
    public sealed record Resume : JobEffect;

    /// <summary>The stages are there, and are not started before the job is to go on.</summary>
    public sealed record Hold : JobEffect;

    /// <summary>Let the first stage ask for a checkpoint of the step that it is in.</summary>
    public sealed record AskForCheckpoint : JobEffect;

    /// <summary>Begin a new generation, for somebody wants it.</summary>
    public sealed record Anew : JobEffect;

    /// <summary>Tell that the run moves to other devices; the lease follows.</summary>
    public sealed record Move : JobEffect;

    /// <summary>Make the result of the last checkpoint.</summary>
    public sealed record Finish : JobEffect;
}
