using ActorTrain.Compute.Devices;
using ActorTrain.Core.Training;
using MessagePack;

namespace ActorTrain.Runtime.Cluster.Protocol;

/// <summary>What those who submit and follow jobs and the job supervisor tell each other.</summary>
public interface ISupervisorMessage : IClusterMessage;

/// <summary>What a node hands on to the job supervisor, wherever that is.</summary>
internal interface ISupervisorRequest : ISupervisorMessage;

/// <summary>Asks a node for its view of the cluster; the answer is a <see cref="ClusterHealth"/>.</summary>
[MessagePackObject]
internal sealed record CheckHealth : ISupervisorMessage;

/// <summary>How a node sees the cluster.</summary>
/// <param name="Status">The node's own status in the cluster, such as <c>Up</c>.</param>
/// <param name="Members">The members that are up.</param>
/// <param name="Unreachable">The members that cannot be reached.</param>
[MessagePackObject]
internal sealed record ClusterHealth(
    [property: Key(0)] string Status,
    [property: Key(1)] IReadOnlyList<string> Members,
    [property: Key(2)] IReadOnlyList<string> Unreachable) : ISupervisorMessage;

/// <summary>Asks the supervisor for the devices that jobs can use; the answer is a <see cref="DeviceList"/>.</summary>
[MessagePackObject]
internal sealed record ListDevices : ISupervisorRequest;

/// <summary>The devices that jobs can use.</summary>
/// <param name="Devices">Such as <c>10.0.0.2:4053 cpu:0</c>.</param>
[MessagePackObject]
internal sealed record DeviceList([property: Key(0)] IReadOnlyList<string> Devices) : ISupervisorMessage;

/// <summary>Asks for a job to be trained; the answer is a <see cref="JobAccepted"/> or <see cref="Refused"/>.</summary>
/// <param name="Name">What the text is called in errors, such as the file that it came from.</param>
/// <param name="Text">The whole job in HOCON, overrides and defaults in place.</param>
[MessagePackObject]
internal sealed record SubmitJob([property: Key(0)] string Name, [property: Key(1)] string Text) : ISupervisorRequest;

/// <summary>A job is taken on.</summary>
/// <param name="Job">Its id.</param>
[MessagePackObject]
internal sealed record JobAccepted([property: Key(0)] string Job) : ISupervisorMessage;

/// <summary>
/// Asks to be told of a job from now on: <see cref="JobStarted"/> (at once when it has started), <see cref="JobStepped"/>,
/// <see cref="JobNoted"/>, and at last <see cref="JobEnded"/>. Asking again is harmless.
/// </summary>
/// <param name="Job">The job's id.</param>
[MessagePackObject]
internal sealed record FollowJob([property: Key(0)] string Job) : ISupervisorRequest;

/// <summary>Asks for a job to end after the step that it is in, with a checkpoint.</summary>
/// <param name="Job">The job's id.</param>
[MessagePackObject]
internal sealed record StopJob([property: Key(0)] string Job) : ISupervisorRequest;

/// <summary>An isolated device's process has died in the middle of something that it did for a job.</summary>
/// <param name="Job">The job's id.</param>
/// <param name="Generation">The generation that the device worked for.</param>
/// <param name="Device">The device with its node, such as <c>10.0.0.2:4053 cpu:0</c>.</param>
/// <param name="Stage">The stage; -1 for what is outside of the schedule.</param>
/// <param name="Action">The action's letter, or a name such as <c>step</c>.</param>
/// <param name="Step">The step; 0 for none.</param>
/// <param name="MicroBatch">The micro-batch; -1 for what is outside of the schedule.</param>
/// <param name="Cause">Such as <c>signal 6</c>.</param>
[MessagePackObject]
internal sealed record DeviceDied(
    [property: Key(0)] string Job,
    [property: Key(1)] GenerationNumber Generation,
    [property: Key(2)] string Device,
    [property: Key(3)] int Stage,
    [property: Key(4)] string Action,
    [property: Key(5)] long Step,
    [property: Key(6)] int MicroBatch,
    [property: Key(7)] string Cause) : ISupervisorRequest
{
    /// <summary>For people.</summary>
    public override string ToString() =>
        $"device {Device} died during {new FlightNote(Job, Generation.Value, Stage, Action, Step, MicroBatch)}, {Cause}";
}

/// <summary>What a job's followers are told.</summary>
public interface IJobNews : ISupervisorMessage;

/// <summary>A job runs.</summary>
[MessagePackObject]
public sealed record JobStarted(
    [property: Key(0)] string Job,
    [property: Key(1)] long Steps,
    [property: Key(2)] long Step,
    [property: Key(3)] long Parameters,
    [property: Key(4)] string Unit,
    [property: Key(5)] string Schedule,
    [property: Key(6)] IReadOnlyList<string> Stages,
    [property: Key(7)] string Numerics,
    [property: Key(8)] string RunDirectory) : IJobNews;

/// <summary>All stages have ended a step.</summary>
/// <param name="Step">The step.</param>
/// <param name="Loss">Its mean loss.</param>
/// <param name="GradientNorm">The global norm before clipping.</param>
/// <param name="LearningRateFactor">What the learning rate was multiplied with.</param>
/// <param name="Skipped">Whether the weights stayed as they were.</param>
/// <param name="Labels">Labels that it trained on.</param>
/// <param name="Seconds">Time since the step before.</param>
/// <param name="Busy">For each device the share of the step that it was busy.</param>
/// <param name="Edges">What crossed the edges between nodes.</param>
/// <param name="LayerNorms">For each layer the norm of its gradients before clipping.</param>
[MessagePackObject]
public sealed record JobStepped(
    [property: Key(0)] long Step,
    [property: Key(1)] double Loss,
    [property: Key(2)] double GradientNorm,
    [property: Key(3)] double LearningRateFactor,
    [property: Key(4)] bool Skipped,
    [property: Key(5)] long Labels,
    [property: Key(6)] double Seconds,
    [property: Key(7)] IReadOnlyList<double> Busy,
    [property: Key(8)] IReadOnlyList<EdgeUsage> Edges,
    [property: Key(9)] IReadOnlyList<double> LayerNorms) : IJobNews;

/// <summary>What crossed an edge in a step; see <see cref="Core.Training.EdgeUse"/>.</summary>
[MessagePackObject]
public sealed record EdgeUsage(
    [property: Key(0)] int Edge,
    [property: Key(1)] long Bytes,
    [property: Key(2)] long RawBytes,
    [property: Key(3)] double CodingSeconds,
    [property: Key(4)] double SendingSeconds,
    [property: Key(5)] double WaitingSeconds)
{
    /// <summary>The use.</summary>
    [IgnoreMember]
    public EdgeUse Value => new(Edge, Bytes, RawBytes, CodingSeconds, SendingSeconds, WaitingSeconds);

    /// <summary>The message's form of a use.</summary>
    /// <param name="use">The use.</param>
    public static EdgeUsage Of(EdgeUse use) =>
        new(use.Edge, use.Bytes, use.RawBytes, use.CodingSeconds, use.SendingSeconds, use.WaitingSeconds);
}

/// <summary>Something that people should know, such as that a checkpoint is written.</summary>
/// <param name="Text">For people.</param>
/// <param name="Kind">What it is about.</param>
[MessagePackObject]
public sealed record JobNoted([property: Key(0)] string Text, [property: Key(1)] NoteKind Kind = NoteKind.Note) : IJobNews;

/// <summary>A job went on under a new plan; see <see cref="RunReplanned"/>.</summary>
[MessagePackObject]
public sealed record JobReplanned(
    [property: Key(0)] long Step,
    [property: Key(1)] bool AfterFailure,
    [property: Key(2)] double Detection,
    [property: Key(3)] double Fence,
    [property: Key(4)] double Plan,
    [property: Key(5)] double Restore,
    [property: Key(6)] double Replay,
    [property: Key(7)] long Bytes) : IJobNews
{
    /// <summary>The event.</summary>
    [IgnoreMember]
    public RunReplanned Value => new(Step, AfterFailure, Detection, Fence, Plan, Restore, Replay, Bytes);

    /// <summary>The message's form of an event.</summary>
    /// <param name="happened">The event.</param>
    public static JobReplanned Of(RunReplanned happened) => new(
        happened.Step, happened.AfterFailure, happened.Detection, happened.Fence, happened.Plan, happened.Restore, happened.Replay, happened.Bytes);
}

/// <summary>A job is over.</summary>
/// <param name="Failure">Why it failed, or null.</param>
/// <param name="Result">How it ended, or null when it failed.</param>
[MessagePackObject]
public sealed record JobEnded([property: Key(0)] string? Failure, [property: Key(1)] JobResult? Result) : IJobNews;

/// <summary>How a job ended; see the fields of the same names of a local run's result.</summary>
[MessagePackObject]
public sealed record JobResult
{
    /// <summary>Steps done in all.</summary>
    [Key(0)]
    public required long Steps { get; init; }

    /// <summary>Whether it was asked to stop before its last step.</summary>
    [Key(1)]
    public required bool Interrupted { get; init; }

    /// <summary>The loss of the last step.</summary>
    [Key(2)]
    public required double Loss { get; init; }

    /// <summary>The mean loss on the validation split, or null.</summary>
    [Key(3)]
    public required double? ValidationLoss { get; init; }

    /// <summary>The share of validation labels predicted right, or null.</summary>
    [Key(4)]
    public required double? ValidationAccuracy { get; init; }

    /// <summary>The SHA-256 of all weights.</summary>
    [Key(5)]
    public required string WeightsSha256 { get; init; }

    /// <summary>The share of the devices' time that they were idle, or null.</summary>
    [Key(6)]
    public required double? Bubble { get; init; }

    /// <summary>The bubble that the schedule has at best with the measured times of its actions, or null.</summary>
    [Key(7)]
    public required double? BubbleBound { get; init; }

    /// <summary>Where the run's files are, on the node that carries the supervisor.</summary>
    [Key(8)]
    public required string RunDirectory { get; init; }

    /// <summary>A text that the model wrote, or null.</summary>
    [Key(9)]
    public required string? Sample { get; init; }
}
