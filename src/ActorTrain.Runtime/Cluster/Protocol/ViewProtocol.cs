using MessagePack;

namespace ActorTrain.Runtime.Cluster.Protocol;

// What those who watch a cluster are told beside the progress of a job.

/// <summary>Asks the supervisor for the jobs there are; the answer is a <see cref="JobList"/>.</summary>
[MessagePackObject]
internal sealed record ListJobs : ISupervisorRequest;

/// <summary>The jobs there are.</summary>
/// <param name="Jobs">In the order in which the supervisor came to know them.</param>
[MessagePackObject]
internal sealed record JobList([property: Key(0)] IReadOnlyList<JobEntry> Jobs) : ISupervisorMessage;

/// <summary>A job that the supervisor knows.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Source">What its text is called in errors, such as the file that it came from.</param>
/// <param name="IsOver">Whether it has ended.</param>
[MessagePackObject]
public sealed record JobEntry([property: Key(0)] string Id, [property: Key(1)] string Source, [property: Key(2)] bool IsOver);

/// <summary>A generation of a job has begun: what runs where from now on.</summary>
[MessagePackObject]
public sealed record JobPlanned : IJobNews
{
    /// <summary>The generation's number.</summary>
    [Key(0)]
    public required long Generation { get; init; }

    /// <summary>The step that the run goes on after.</summary>
    [Key(1)]
    public required long Step { get; init; }

    /// <summary>The schedule's name.</summary>
    [Key(2)]
    public required string Schedule { get; init; }

    /// <summary>Micro-batches of a step.</summary>
    [Key(3)]
    public required int MicroBatches { get; init; }

    /// <summary>The predicted time of a step.</summary>
    [Key(4)]
    public required double StepSeconds { get; init; }

    /// <summary>The predicted share of the devices' time that they are idle.</summary>
    [Key(5)]
    public required double Bubble { get; init; }

    /// <summary>The devices, such as <c>10.0.0.2:4053 cpu:0</c>, in the schedule's order.</summary>
    [Key(6)]
    public required IReadOnlyList<string> Devices { get; init; }

    /// <summary>The stages, in the order of the pipeline.</summary>
    [Key(7)]
    public required IReadOnlyList<PlannedStage> Stages { get; init; }

    /// <summary>The edges between nodes.</summary>
    [Key(8)]
    public required IReadOnlyList<PlannedEdge> Edges { get; init; }

    /// <summary>The names of all layers.</summary>
    [Key(9)]
    public required IReadOnlyList<string> Layers { get; init; }
}

/// <summary>A stage of a plan.</summary>
/// <param name="Device">The index of its device.</param>
/// <param name="FirstLayer">Its first layer.</param>
/// <param name="Layers">How many layers it has.</param>
/// <param name="Buddy">The node that keeps copies of its snapshots, or null.</param>
[MessagePackObject]
public sealed record PlannedStage(
    [property: Key(0)] int Device,
    [property: Key(1)] int FirstLayer,
    [property: Key(2)] int Layers,
    [property: Key(3)] string? Buddy);

/// <summary>An edge between two nodes.</summary>
/// <param name="Edge">The edge; edge 0 is between stages 0 and 1.</param>
/// <param name="Activations">The codec of what goes down.</param>
/// <param name="Gradients">The codec of what comes up.</param>
[MessagePackObject]
public sealed record PlannedEdge(
    [property: Key(0)] int Edge,
    [property: Key(1)] string Activations,
    [property: Key(2)] string Gradients);

/// <summary>What the devices did in one step; told of a step every few seconds.</summary>
/// <param name="Step">The step.</param>
/// <param name="Devices">For each device of the schedule, in its order.</param>
[MessagePackObject]
public sealed record JobTraced(
    [property: Key(0)] long Step,
    [property: Key(1)] IReadOnlyList<IReadOnlyList<TracedSpan>> Devices) : IJobNews;

/// <summary>Something that a device did.</summary>
/// <param name="Kind">The number of an <see cref="Core.Schedules.ActionKind"/>; -1 for norms and updates.</param>
/// <param name="Chunk">The chunk, which is a stage.</param>
/// <param name="MicroBatch">The micro-batch; -1 for norms and updates.</param>
/// <param name="Start">When it began, in microseconds. Of one clock within a step.</param>
/// <param name="End">When it ended.</param>
[MessagePackObject]
public sealed record TracedSpan(
    [property: Key(0)] int Kind,
    [property: Key(1)] int Chunk,
    [property: Key(2)] int MicroBatch,
    [property: Key(3)] long Start,
    [property: Key(4)] long End);

/// <summary>Asks a stage what it does in a step; the answer, once that is over, is a <see cref="StepTraced"/>.</summary>
/// <param name="Generation">The generation.</param>
/// <param name="Step">A step that has not begun yet; the question is dropped when the stage is past it.</param>
[MessagePackObject]
internal sealed record TraceStep([property: Key(0)] GenerationNumber Generation, [property: Key(1)] long Step) : ISlotMessage;

/// <summary>What a stage did in a step.</summary>
/// <param name="Generation">The generation.</param>
/// <param name="Stage">The stage.</param>
/// <param name="Step">The step.</param>
/// <param name="Spans">In microseconds of its host's clock since 1970.</param>
[MessagePackObject]
internal sealed record StepTraced(
    [property: Key(0)] GenerationNumber Generation,
    [property: Key(1)] int Stage,
    [property: Key(2)] long Step,
    [property: Key(3)] IReadOnlyList<TracedSpan> Spans) : ISlotMessage;

/// <summary>What a note is about.</summary>
public enum NoteKind
{
    /// <summary>Anything else.</summary>
    Note,

    /// <summary>Something broke: a node, a device, a stage.</summary>
    Failure,

    /// <summary>The run moves to other devices, or could. (2 was a recovery, which <see cref="JobReplanned"/> tells.)</summary>
    Move = 3,

    /// <summary>A generation has begun.</summary>
    Plan,

    /// <summary>A checkpoint is written.</summary>
    Checkpoint,

    /// <summary>The run waits for devices or nodes.</summary>
    Waiting,

    /// <summary>What the loss of a node would cost.</summary>
    Promise,
}
