namespace ActorTrain.Compute.Native;

/// <summary>A device that does not exist or cannot be used; the message says which devices there are.</summary>
public sealed class DeviceException(string message) : Exception(message);
