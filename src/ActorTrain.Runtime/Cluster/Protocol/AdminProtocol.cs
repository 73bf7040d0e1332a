using MessagePack;

namespace ActorTrain.Runtime.Cluster.Protocol;

/// <summary>What the admin shell and the actors that carry out its commands tell each other.</summary>
internal interface IAdminMessage : IClusterMessage;

/// <summary>
/// Asks for a command, as the palettes of ActorTrain.Admin declare it; the answer is a <see cref="CommandAnswered"/>,
/// a <see cref="StreamOpened"/> or <see cref="Refused"/>.
/// </summary>
/// <param name="Command">The command's full name, such as <c>train status</c>.</param>
/// <param name="Arguments">Name and value of each argument.</param>
[MessagePackObject]
internal sealed record RunCommand(
    [property: Key(0)] string Command,
    [property: Key(1)] IReadOnlyList<CommandArgument> Arguments) : IAdminMessage;

/// <summary>An argument of a command.</summary>
[MessagePackObject]
internal sealed record CommandArgument([property: Key(0)] string Name, [property: Key(1)] string Value);

/// <summary>What a command answers.</summary>
/// <param name="Rows">For each row a cell for each column that is declared; null where there is no value.</param>
/// <param name="LeftOut">How many rows were left out to keep the answer small.</param>
[MessagePackObject]
internal sealed record CommandAnswered(
    [property: Key(0)] IReadOnlyList<IReadOnlyList<string?>> Rows,
    [property: Key(1)] int LeftOut) : IAdminMessage;

/// <summary>
/// The sender has the rows of a command whose answer goes on, and gives them on <see cref="NextRows"/> until the asker is
/// gone.
/// </summary>
[MessagePackObject]
internal sealed record StreamOpened : IAdminMessage;

/// <summary>Asks for the next rows of a stream; the answer, once there are any, is a <see cref="StreamRows"/>.</summary>
[MessagePackObject]
internal sealed record NextRows : IAdminMessage;

/// <summary>Rows of a stream.</summary>
/// <param name="Rows">The rows, few at a time.</param>
/// <param name="LeftOut">How many were left out before them, because the asker was slow.</param>
/// <param name="IsLast">Whether nothing follows.</param>
[MessagePackObject]
internal sealed record StreamRows(
    [property: Key(0)] IReadOnlyList<IReadOnlyList<string?>> Rows,
    [property: Key(1)] int LeftOut,
    [property: Key(2)] bool IsLast) : IAdminMessage;

/// <summary>Asks the first stage to wait after the step that it is in, with a checkpoint; <see cref="StagePaused"/> tells when.</summary>
[MessagePackObject]
internal sealed record PauseStage([property: Key(0)] GenerationNumber Generation) : ISlotMessage;

/// <summary>Lets a first stage that waits go on.</summary>
[MessagePackObject]
internal sealed record ResumeStage([property: Key(0)] GenerationNumber Generation) : ISlotMessage;

/// <summary>Asks the first stage for a checkpoint after the step that it is in.</summary>
[MessagePackObject]
internal sealed record CheckpointStage([property: Key(0)] GenerationNumber Generation) : ISlotMessage;

/// <summary>The first stage waits.</summary>
/// <param name="Generation">The generation.</param>
/// <param name="Step">The last step done.</param>
[MessagePackObject]
internal sealed record StagePaused([property: Key(0)] GenerationNumber Generation, [property: Key(1)] long Step) : ISlotMessage;
