using MessagePack;

namespace ActorTrain.Runtime.Cluster.Protocol;

/// <summary>What jobs tell nodes about fences and snapshots, and what nodes answer.</summary>
internal interface ISnapshotMessage : IClusterMessage;

/// <summary>
/// Ends all older generations of a job on a node: its stages are stopped, and nothing of theirs is let in any more. The
/// answer is a <see cref="JobFenced"/>.
/// </summary>
[MessagePackObject]
internal sealed record FenceJob([property: Key(0)] string Job, [property: Key(1)] GenerationNumber Generation) : ISnapshotMessage;

/// <summary>A node has no stage of an older generation left.</summary>
/// <param name="Generation">The generation that is promised.</param>
/// <param name="Node">The node, as <c>HOST:PORT</c>.</param>
/// <param name="Held">The snapshots in its memory.</param>
[MessagePackObject]
internal sealed record JobFenced(
    [property: Key(0)] GenerationNumber Generation,
    [property: Key(1)] string Node,
    [property: Key(2)] IReadOnlyList<HeldStep> Held) : ISnapshotMessage;

/// <summary>Snapshots of a step in a node's memory.</summary>
/// <param name="Step">The step.</param>
/// <param name="Updates">Updates of the weights so far.</param>
/// <param name="SkippedInARow">Steps skipped since the last update.</param>
/// <param name="Layers">The layers.</param>
[MessagePackObject]
internal sealed record HeldStep(
    [property: Key(0)] long Step,
    [property: Key(1)] long Updates,
    [property: Key(2)] int SkippedInARow,
    [property: Key(3)] IReadOnlyList<int> Layers);

/// <summary>A node that gives layers.</summary>
/// <param name="Node">The node, as <c>HOST:PORT</c>.</param>
/// <param name="Layers">The layers.</param>
[MessagePackObject]
internal sealed record LayerSource([property: Key(0)] string Node, [property: Key(1)] IReadOnlyList<int> Layers);

/// <summary>Sets a node back: snapshots of later steps that older generations took are deleted.</summary>
[MessagePackObject]
internal sealed record RollBack(
    [property: Key(0)] string Job, [property: Key(1)] GenerationNumber Generation, [property: Key(2)] long Step) : ISnapshotMessage;

/// <summary>Snapshots of a step are safe, and older ones of no more use.</summary>
[MessagePackObject]
internal sealed record SnapshotCommitted(
    [property: Key(0)] string Job, [property: Key(1)] long Step, [property: Key(2)] GenerationNumber Generation) : ISnapshotMessage;

/// <summary>Asks a node to keep copies of a stage's snapshots; the answer is a <see cref="KeeperReady"/>.</summary>
[MessagePackObject]
internal sealed record KeepSnapshots(
    [property: Key(0)] string Job,
    [property: Key(1)] GenerationNumber Generation,
    [property: Key(2)] int Stage,
    [property: Key(3)] int Layers,
    [property: Key(4)] long MaxBytes,
    [property: Key(5)] byte[] Token) : ISnapshotMessage;

/// <summary>A node takes copies of a stage's snapshots from now on.</summary>
[MessagePackObject]
internal sealed record KeeperReady([property: Key(0)] GenerationNumber Generation, [property: Key(1)] int Stage) : ISnapshotMessage;

/// <summary>Asks a node to send snapshots from its memory over the data plane.</summary>
[MessagePackObject]
internal sealed record PushLayers(
    [property: Key(0)] string Job,
    [property: Key(1)] GenerationNumber Generation,
    [property: Key(2)] long Step,
    [property: Key(3)] IReadOnlyList<int> Layers,
    [property: Key(4)] DataAddress To,
    [property: Key(5)] int Channel,
    [property: Key(6)] byte[] Token) : ISnapshotMessage;

/// <summary>Nodes hold a stage's snapshot.</summary>
/// <param name="Generation">The generation.</param>
/// <param name="Stage">The stage.</param>
/// <param name="Step">The step.</param>
/// <param name="Nodes">How many nodes do.</param>
[MessagePackObject]
internal sealed record SnapshotHeld(
    [property: Key(0)] GenerationNumber Generation,
    [property: Key(1)] int Stage,
    [property: Key(2)] long Step,
    [property: Key(3)] int Nodes) : ISlotMessage;

/// <summary>Asks a node to remember a job, so that it goes on when the node with the supervisor dies.</summary>
/// <param name="Job">The job.</param>
[MessagePackObject]
internal sealed record RememberJob([property: Key(0)] JobRecord Job) : ISnapshotMessage;

/// <summary>What is known of a job that is not over.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">What its text is called in errors.</param>
/// <param name="Text">The job.</param>
/// <param name="Generation">The last generation that the node has heard of.</param>
/// <param name="RunDirectory">Where its files are, once it has started.</param>
[MessagePackObject]
internal sealed record JobRecord(
    [property: Key(0)] string Id,
    [property: Key(1)] string Name,
    [property: Key(2)] string Text,
    [property: Key(3)] GenerationNumber Generation,
    [property: Key(4)] string? RunDirectory);

/// <summary>A job is over: its snapshots are deleted.</summary>
[MessagePackObject]
internal sealed record ForgetJob([property: Key(0)] string Job) : ISnapshotMessage;

/// <summary>A node wants to leave: its devices are not given away any more, and jobs move off them. The answer is a <see cref="NodeReleased"/>.</summary>
/// <param name="Uid">The node's life.</param>
[MessagePackObject]
internal sealed record NodeLeaving([property: Key(0)] int Uid) : ISupervisorRequest;

/// <summary>Nothing runs on a node any more.</summary>
[MessagePackObject]
internal sealed record NodeReleased([property: Key(0)] int Uid) : ISupervisorMessage;
