namespace ActorTrain.Runtime.Cluster.Nodes.Isolation;

/// <summary>What a node and the supervisor of its devices' processes tell each other. Never leaves the process.</summary>
internal interface IDeviceMessage;

/// <summary>Asks for all processes to leave the cluster and end; the answer, once they have, is <see cref="DevicesEnded"/>.</summary>
internal sealed record EndDevices : IDeviceMessage;

/// <summary>No process of a device is left, and none will be started.</summary>
internal sealed record DevicesEnded : IDeviceMessage;
