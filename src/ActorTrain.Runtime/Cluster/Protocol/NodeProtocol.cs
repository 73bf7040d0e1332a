using ActorTrain.Runtime.Edges;
using MessagePack;

namespace ActorTrain.Runtime.Cluster.Protocol;

/// <summary>What the job supervisor and the nodes tell each other.</summary>
internal interface INodeMessage : IClusterMessage;

/// <summary>Asks a node what it offers; the answer is a <see cref="NodeOffer"/>.</summary>
[MessagePackObject]
internal sealed record DescribeNode : INodeMessage;

/// <summary>What a node offers.</summary>
/// <param name="Uid">Tells this life of the node from an earlier one at the same address.</param>
/// <param name="Address">Where its control plane is, as <c>HOST:PORT</c>.</param>
/// <param name="DataPlane">Where its data plane is.</param>
/// <param name="Devices">Its devices.</param>
/// <param name="Jobs">The jobs that it remembers.</param>
/// <param name="Parent">The node that started this process for one of its devices, as <c>HOST:PORT</c>; null for a node of its own.</param>
[MessagePackObject]
internal sealed record NodeOffer(
    [property: Key(0)] int Uid,
    [property: Key(1)] string Address,
    [property: Key(2)] DataAddress DataPlane,
    [property: Key(3)] IReadOnlyList<DeviceOffer> Devices,
    [property: Key(4)] IReadOnlyList<JobRecord> Jobs,
    [property: Key(5)] string? Parent = null) : INodeMessage
{
    /// <summary>What processes share that fall together.</summary>
    [IgnoreMember]
    public string Group => Parent ?? Address;
}

/// <summary>Where a node takes the connections of edges and snapshots.</summary>
/// <param name="Host">The name or address.</param>
/// <param name="Port">The TCP port.</param>
/// <param name="UnixPath">A Unix-domain socket for processes on the same host, or null.</param>
/// <param name="HostId">What processes share that can reach that socket, or null.</param>
[MessagePackObject]
internal sealed record DataAddress(
    [property: Key(0)] string Host,
    [property: Key(1)] int Port,
    [property: Key(2)] string? UnixPath,
    [property: Key(3)] string? HostId)
{
    /// <summary>The address as the data plane dials it.</summary>
    [IgnoreMember]
    public EdgeEndPoint EndPoint => new(Host, Port, UnixPath, HostId);
}

/// <summary>A device that a node offers.</summary>
/// <param name="Name">Such as <c>cpu:0-3</c>.</param>
/// <param name="MemoryBytes">What it has.</param>
/// <param name="FreeBytes">What of that was free when the node started.</param>
/// <param name="Numerics">Its numerics class.</param>
/// <param name="GigaflopsPerSecond">Its measured speed in float32 matrix products.</param>
[MessagePackObject]
internal sealed record DeviceOffer(
    [property: Key(0)] string Name,
    [property: Key(1)] long MemoryBytes,
    [property: Key(2)] long FreeBytes,
    [property: Key(3)] string Numerics,
    [property: Key(4)] double GigaflopsPerSecond);

/// <summary>Asks a node to measure a job's layers on one of its devices; the answer is a <see cref="ProfileMeasured"/> or <see cref="Refused"/>.</summary>
/// <param name="Job">The job's id.</param>
/// <param name="Text">The job.</param>
/// <param name="Device">The device's name.</param>
[MessagePackObject]
internal sealed record MeasureProfile(
    [property: Key(0)] string Job,
    [property: Key(1)] string Text,
    [property: Key(2)] string Device) : INodeMessage;

/// <summary>A measured profile.</summary>
/// <param name="Json">The profile as JSON, the form that run directories keep.</param>
[MessagePackObject]
internal sealed record ProfileMeasured([property: Key(0)] string Json) : INodeMessage;

/// <summary>A request cannot be met.</summary>
/// <param name="Reason">Why, and what would be right.</param>
/// <param name="IsUsage">Whether the request itself is wrong, rather than the cluster's state.</param>
[MessagePackObject]
internal sealed record Refused([property: Key(0)] string Reason, [property: Key(1)] bool IsUsage) : INodeMessage, ISupervisorMessage;
