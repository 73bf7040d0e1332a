using System.Collections.Immutable;
using ActorTrain.Core.Generations;
using ActorTrain.Core.Training;

namespace ActorTrain.Core.Recovery;

/// <summary>Where a generation is.</summary>
internal enum JobPhase
{
    /// <summary>Nothing is promised yet.</summary>
    Idle,

    /// <summary>Devices are awaited.</summary>
    Leasing,

    /// <summary>Devices are awaited, and there are too few of them for now.</summary>
    Waiting,

    /// <summary>Nodes are asked for their promises.</summary>
    Fencing,

    /// <summary>All nodes have answered or are lost; step and plan are chosen.</summary>
    Choosing,

    /// <summary>Stages are built.</summary>
    Installing,

    /// <summary>Steps are done.</summary>
    Running,

    /// <summary>No step is left to do; only the last checkpoint may be missing.</summary>
    Ending,

    /// <summary>The job's result is being made.</summary>
    Finishing,

    /// <summary>The job is over.</summary>
    Over,
}

/// <summary>What a job's supervisor knows of the job, and of the current generation.</summary>
/// <param name="Generation">The generation.</param>
internal sealed record JobState(Generation Generation)
{
    /// <summary>Where it is.</summary>
    public JobPhase Phase { get; init; }

    /// <summary>The steps of the job.</summary>
    public long Steps { get; init; } = long.MaxValue;

    /// <summary>Whether the job is to end after the step that it is in.</summary>
    public bool StopWanted { get; init; }

    /// <summary>Whether the job is to get other devices after the step that it is in.</summary>
    public bool MoveWanted { get; init; }

    /// <summary>Whether the run is to wait after the step that it is in.</summary>
    public bool PauseWanted { get; init; }

    /// <summary>The step after which the run waits, or null.</summary>
    public long? RestsAt { get; init; }

    /// <summary>Whether the stages of a run that waits have not been started.</summary>
    public bool IsHeld { get; init; }

    /// <summary>How far the run is: the last step judged, or where it was set back to.</summary>
    public TrainingProgress Reached { get; init; } = TrainingProgress.Start;

    /// <summary>The step after which the job ended because that was wanted.</summary>
    public long? StoppedAt { get; init; }

    /// <summary>The checkpoints that are not on disk yet, by their steps.</summary>
    public ImmutableSortedDictionary<long, PendingCheckpoint> Checkpoints { get; init; } = ImmutableSortedDictionary<long, PendingCheckpoint>.Empty;

    /// <summary>The nodes whose devices the job has.</summary>
    public ImmutableSortedSet<string> Leased { get; init; } = [];

    /// <summary>The nodes that have not answered the fence.</summary>
    public ImmutableSortedSet<string> Awaited { get; init; } = [];

    /// <summary>The nodes that do not answer.</summary>
    public ImmutableSortedSet<string> Lost { get; init; } = [];

    /// <summary>
    /// Those of them that are not known to be dead. They may be on the other side of a split, with a supervisor of their own.
    /// </summary>
    public ImmutableSortedSet<string> Silent { get; init; } = [];

    /// <summary>
    /// Whether those that have answered outnumber the silent ones; of two equal halves the one with the lowest address does, as
    /// when the cluster splits.
    /// </summary>
    public bool HasMajority => Inventories.Count != Silent.Count
        ? Inventories.Count > Silent.Count
        : Silent.IsEmpty || string.CompareOrdinal(Inventories.Keys.Min(StringComparer.Ordinal), Silent.Min(StringComparer.Ordinal)) < 0;

    /// <summary>For each node that has answered what it has.</summary>
    public ImmutableSortedDictionary<string, ImmutableArray<HeldSnapshots>> Inventories { get; init; } =
        ImmutableSortedDictionary<string, ImmutableArray<HeldSnapshots>>.Empty;

    /// <summary>The stages that are there.</summary>
    public ImmutableSortedSet<int> Installed { get; init; } = [];

    /// <summary>The stages whose copies are taken.</summary>
    public ImmutableSortedSet<int> Kept { get; init; } = [];

    /// <summary>How many stages' copies are to be taken.</summary>
    public int Keepers { get; init; }

    /// <summary>The stages that have done all their steps.</summary>
    public ImmutableSortedSet<int> Finished { get; init; } = [];

    /// <summary>Which steps are safe; without stages until a plan is there.</summary>
    public Commits Commits { get; init; } = new(0, 1);

    /// <summary>How often the run may still be set back.</summary>
    public RestartBudget Restarts { get; init; } = new();

    /// <summary>Whether no step follows a step.</summary>
    public bool IsLast(long step) => step >= Steps || (StopWanted && step == StoppedAt);
}
