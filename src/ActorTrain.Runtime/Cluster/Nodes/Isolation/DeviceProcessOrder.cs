namespace ActorTrain.Runtime.Cluster.Nodes.Isolation;

/// <summary>What a node starts a process for.</summary>
/// <param name="Device">The device, such as <c>cpu:0-3</c>.</param>
/// <param name="Parent">The node, as <c>HOST:PORT</c>.</param>
/// <param name="FlightRecorder">The file in which the process notes what the device does.</param>
public sealed record DeviceProcessOrder(string Device, string Parent, string FlightRecorder);
