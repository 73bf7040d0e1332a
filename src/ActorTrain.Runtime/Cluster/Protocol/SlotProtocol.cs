using ActorTrain.Core.Generations;
using ActorTrain.Core.Training;
using MessagePack;

namespace ActorTrain.Runtime.Cluster.Protocol;

/// <summary>What a job's supervisor and the entities in device slots tell each other.</summary>
internal interface ISlotMessage : IClusterMessage;

/// <summary>A message that sharding takes to an entity.</summary>
internal interface ISlotEnvelope : ISlotMessage
{
    /// <summary>The entity's id, which begins with its slot's; see <see cref="Slots.SlotId"/>.</summary>
    string Entity { get; }
}

/// <summary>A generation as messages carry it.</summary>
[MessagePackObject]
internal sealed record GenerationNumber([property: Key(0)] long Number, [property: Key(1)] long Incarnation)
{
    /// <summary>The generation.</summary>
    [IgnoreMember]
    public Generation Value => new(Number, Incarnation);

    /// <summary>The message's form of a generation.</summary>
    public static GenerationNumber Of(Generation generation) => new(generation.Number, generation.Incarnation);
}

/// <summary>Warms a slot up, for the first message to a shard takes seconds; the answer is a <see cref="SlotReady"/>.</summary>
[MessagePackObject]
internal sealed record ProbeSlot([property: Key(0)] string Entity) : ISlotEnvelope;

/// <summary>A slot answers.</summary>
/// <param name="Entity">The probe's id.</param>
[MessagePackObject]
internal sealed record SlotReady([property: Key(0)] string Entity) : ISlotMessage;

/// <summary>Builds a stage; the answer is a <see cref="StageInstalled"/> or a <see cref="StageFailed"/>.</summary>
[MessagePackObject]
internal sealed record InstallStage : ISlotEnvelope
{
    /// <inheritdoc/>
    [Key(0)]
    public required string Entity { get; init; }

    /// <summary>The job's id.</summary>
    [Key(1)]
    public required string Job { get; init; }

    /// <summary>The job.</summary>
    [Key(2)]
    public required string Text { get; init; }

    /// <summary>The generation that the stage belongs to.</summary>
    [Key(3)]
    public required GenerationNumber Generation { get; init; }

    /// <summary>The stage's place in the pipeline.</summary>
    [Key(4)]
    public required int Stage { get; init; }

    /// <summary>Layers of each stage.</summary>
    [Key(5)]
    public required IReadOnlyList<int> Partition { get; init; }

    /// <summary>Devices of the schedule.</summary>
    [Key(6)]
    public required int Devices { get; init; }

    /// <summary>What both ends of every edge of this generation know.</summary>
    [Key(7)]
    public required byte[] Token { get; init; }

    /// <summary>The data plane of the stage above; null for the first stage.</summary>
    [Key(8)]
    public required DataAddress? Above { get; init; }

    /// <summary>The data plane of the stage below; null for the last stage.</summary>
    [Key(9)]
    public required DataAddress? Below { get; init; }

    /// <summary>The step that the run goes on after; 0 at its start.</summary>
    [Key(10)]
    public required long Step { get; init; }

    /// <summary>Updates of the weights until then.</summary>
    [Key(11)]
    public required long Updates { get; init; }

    /// <summary>Steps skipped since the last update.</summary>
    [Key(12)]
    public required int SkippedInARow { get; init; }

    /// <summary>Who has the stage's layers after that step; nobody at the start.</summary>
    [Key(13)]
    public required IReadOnlyList<LayerSource> Sources { get; init; }

    /// <summary>The most bytes that the layers' states take together.</summary>
    [Key(14)]
    public required long MaxBytes { get; init; }

    /// <summary>The data plane of the node that keeps copies of the stage's snapshots, or null.</summary>
    [Key(15)]
    public required DataAddress? Buddy { get; init; }
}

/// <summary>A stage is built and waits for <see cref="StartStage"/>, which goes straight to the sender of this.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="Generation">The generation.</param>
/// <param name="Bytes">What it fetched of its layers' state from other nodes.</param>
[MessagePackObject]
internal sealed record StageInstalled(
    [property: Key(0)] int Stage, [property: Key(1)] GenerationNumber Generation, [property: Key(2)] long Bytes) : ISlotMessage;

/// <summary>Connects a stage's edges and lets micro-batches flow.</summary>
[MessagePackObject]
internal sealed record StartStage([property: Key(0)] GenerationNumber Generation) : ISlotMessage;

/// <summary>Asks the first stage to end the generation after the step that it is in.</summary>
/// <param name="Generation">The generation.</param>
/// <param name="Checkpoint">Whether the job may end there, so that a checkpoint is made; otherwise snapshots are enough.</param>
[MessagePackObject]
internal sealed record EndAfterStep([property: Key(0)] GenerationNumber Generation, [property: Key(1)] bool Checkpoint) : ISlotMessage;

/// <summary>The first stage has judged a step.</summary>
[MessagePackObject]
internal sealed record StepJudged(
    [property: Key(0)] GenerationNumber Generation,
    [property: Key(1)] long Step,
    [property: Key(2)] long Updates,
    [property: Key(3)] int SkippedInARow,
    [property: Key(4)] double Loss,
    [property: Key(5)] double GradientNorm,
    [property: Key(6)] double LearningRateFactor,
    [property: Key(7)] bool Skipped,
    [property: Key(8)] bool Checkpoint,
    [property: Key(9)] bool Stop,
    [property: Key(10)] IReadOnlyList<double> LayerNorms) : ISlotMessage
{
    /// <summary>How far the run is.</summary>
    [IgnoreMember]
    public TrainingProgress Progress => new(Step, Updates, SkippedInARow);
}

/// <summary>A stage has ended a step.</summary>
/// <param name="Generation">The generation.</param>
/// <param name="Stage">The stage.</param>
/// <param name="Step">The step.</param>
/// <param name="Work">What its device did since the last report.</param>
/// <param name="Edge">What crossed the edge below it since then, seen from above; null when that edge is within a node.</param>
[MessagePackObject]
internal sealed record StageStepped(
    [property: Key(0)] GenerationNumber Generation,
    [property: Key(1)] int Stage,
    [property: Key(2)] long Step,
    [property: Key(3)] WorkDone Work,
    [property: Key(4)] EdgeUsage? Edge) : ISlotMessage;

/// <summary>What a device did for a stage.</summary>
/// <param name="Seconds">For each kind of action the time, by the kind's number.</param>
/// <param name="Counts">For each kind how many there were.</param>
/// <param name="UpdateSeconds">The time of norms and updates.</param>
[MessagePackObject]
internal sealed record WorkDone(
    [property: Key(0)] IReadOnlyList<double> Seconds,
    [property: Key(1)] IReadOnlyList<int> Counts,
    [property: Key(2)] double UpdateSeconds);

/// <summary>A stage has done all its steps.</summary>
[MessagePackObject]
internal sealed record StageFinished([property: Key(0)] GenerationNumber Generation, [property: Key(1)] int Stage) : ISlotMessage;

/// <summary>A stage cannot go on, and has stopped.</summary>
/// <param name="Generation">The generation.</param>
/// <param name="Stage">The stage.</param>
/// <param name="Reason">Why.</param>
/// <param name="IsEdge">Whether an edge broke, which is often only the other end's failure.</param>
/// <param name="IsFinal">Whether it would fail again wherever and whenever it is computed.</param>
[MessagePackObject]
internal sealed record StageFailed(
    [property: Key(0)] GenerationNumber Generation,
    [property: Key(1)] int Stage,
    [property: Key(2)] string Reason,
    [property: Key(3)] bool IsEdge,
    [property: Key(4)] bool IsFinal) : ISlotMessage;
