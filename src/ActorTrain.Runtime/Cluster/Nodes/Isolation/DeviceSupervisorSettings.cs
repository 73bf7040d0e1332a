using System.Collections.Immutable;
using System.Diagnostics;
using ActorTrain.Core.Devices;

namespace ActorTrain.Runtime.Cluster.Nodes.Isolation;

/// <summary>What a <see cref="DeviceSupervisor"/> is made of.</summary>
internal sealed record DeviceSupervisorSettings
{
    /// <summary>The node, as <c>HOST:PORT</c>.</summary>
    public required string Node { get; init; }

    /// <summary>The devices.</summary>
    public required ImmutableArray<DeviceSpec> Devices { get; init; }

    /// <summary>How many times within ten minutes a device's process is started again.</summary>
    public required int Restarts { get; init; }

    /// <summary>Makes the command that starts a device's process.</summary>
    public required Func<DeviceProcessOrder, ProcessStartInfo> Program { get; init; }

    /// <summary>Gets what the processes say and what happens to them, line by line, on any thread.</summary>
    public required Action<string> Log { get; init; }
}
