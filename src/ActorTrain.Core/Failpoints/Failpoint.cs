namespace ActorTrain.Core.Failpoints;

/// <summary>A place at which a process can be told to die, to see what the others make of it.</summary>
public enum Failpoint
{
    /// <summary>A stage's snapshot is in its node's memory.</summary>
    AfterLocalCopy,

    /// <summary>The buddy has said that it has the copy.</summary>
    AfterBuddyCopy,

    /// <summary>A copy is in the buddy's memory, which has not said so yet.</summary>
    AfterBuddyReceive,

    /// <summary>A checkpoint is on disk, under a temporary name.</summary>
    BeforeManifestRename,

    /// <summary>A checkpoint has its name.</summary>
    AfterManifestRename,

    /// <summary>The supervisor is about to ask for promises; a node is about to promise.</summary>
    BeforeFence,

    /// <summary>The supervisor has asked for promises; a node has promised.</summary>
    AfterFence,

    /// <summary>A node has been told to build a stage.</summary>
    AfterInstall,

    /// <summary>A node has built a stage, and said so.</summary>
    AfterInstalled,

    /// <summary>The supervisor is about to start the stages; a node is about to start its stage.</summary>
    BeforeGo,

    /// <summary>The supervisor has started the stages; a node has started its stage.</summary>
    AfterGo,

    /// <summary>The supervisor knows that a step is safe; a node is about to delete older snapshots.</summary>
    BeforeCommit,

    /// <summary>The supervisor has told that a step is safe; a node has deleted older snapshots.</summary>
    AfterCommit,
}
