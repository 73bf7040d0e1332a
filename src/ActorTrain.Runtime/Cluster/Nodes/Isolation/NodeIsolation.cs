using System.Diagnostics;

namespace ActorTrain.Runtime.Cluster.Nodes.Isolation;

/// <summary>How a program takes part in <c>actortrain.node.isolate</c>: as the node, or as the process of one of its devices.</summary>
public sealed record NodeIsolation
{
    /// <summary>
    /// Makes the command that starts a device's process: this program again, as a worker with that device alone, that joins
    /// through the node, hands the order to its own node, and leaves when its standard input closes. Needed by a node that isolates.
    /// </summary>
    public Func<DeviceProcessOrder, ProcessStartInfo>? Program { get; init; }

    /// <summary>What this process was started for; null for a node of its own.</summary>
    public DeviceProcessOrder? Order { get; init; }
}
